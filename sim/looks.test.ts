import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { simulate } from './simulate.ts';
import { RaftSystem } from './systems/raft/system.ts';
import { RethinkSystem } from './systems/rethink/system.ts';
import { SwarmSystem } from './systems/swarm/system.ts';
import { parkingScenario } from './testing/parking.ts';
import { systemSpec } from './testing.ts';

/** `ZF_CONFIGS=1000 npx vitest run sim/looks.test.ts` looks at more of them. */
const CONFIGURATIONS = Number(process.env.ZF_CONFIGS ?? 60);

test('measures miss nothing where a system says that it looks as before', () => {
  fc.assert(
    fc.property(parkingScenario, fc.nat(1_000_000), (raft, seed) => {
      const store = systemSpec('rethink', 'deck-2017', raft.systems[0]!.members, {});
      const stores = raft.systems.some(({ kind }) => kind === 'rethink');
      const scenario = stores ? raft : { ...raft, systems: [...raft.systems, store] };
      const brief = simulate(scenario, { seed });
      const always = [SwarmSystem, RaftSystem, RethinkSystem].map((system) =>
        vi.spyOn(system.prototype, 'changed').mockReturnValue('anything'),
      );
      try {
        expect(simulate(scenario, { seed })).toEqual(brief);
      } finally {
        for (const spy of always) spy.mockRestore();
      }
    }),
    { numRuns: CONFIGURATIONS },
  );
}, 3_600_000);
