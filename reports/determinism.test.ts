import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate } from '../sim/simulate.ts';
import { randomScenario } from '../sim/testing.ts';
import {
  availabilityCsv,
  failoversCsv,
  jsonText,
  plainLanes,
  runDocument,
  summaryCsv,
  terminalSummary,
  timelineCsv,
} from './index.ts';

test('the same scenario and seed give the same bytes in every file, whatever the scenario', async () => {
  await fc.assert(
    fc.asyncProperty(randomScenario, fc.integer(), async (scenario, seed) => {
      const files = async () => {
        const run = simulate(structuredClone(scenario), { seed });
        return [
          await timelineCsv(run),
          await failoversCsv(run),
          await availabilityCsv(run),
          await summaryCsv(run),
          jsonText(runDocument(run, '0')),
          plainLanes(run),
          terminalSummary(run, { color: false, columns: 100 }),
        ];
      };
      expect(await files()).toEqual(await files());
    }),
    { numRuns: 25 },
  );
});
