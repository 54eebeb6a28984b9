import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../sim/run.ts';
import { gossipParkingScenario } from '../sim/testing/gossip-parking.ts';
import { compareRuns, parkingScenario } from '../sim/testing/parking.ts';
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

test('every file says the same of a run that was parked, but for its cost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(parkingScenario, gossipParkingScenario),
      fc.nat(1000),
      async (scenario, seed) => {
        const { parked, everyEvent } = compareRuns(scenario, seed);
        expect(await files(parked)).toEqual(await files(everyEvent));
      },
    ),
    { numRuns: 20 },
  );
}, 120_000);

async function files(run: Run): Promise<string[]> {
  const { parking: _parking, ...document } = runDocument(run, '0');
  const { kernelEvents: _kernelEvents, ...counts } = document.counts;
  return [
    await timelineCsv(run),
    await failoversCsv(run),
    await availabilityCsv(run),
    await summaryCsv(run),
    jsonText({ ...document, counts: { kernelEvents: 0, ...counts } }),
    plainLanes(run),
    terminalSummary(run, { color: false, columns: 100 }),
  ];
}
