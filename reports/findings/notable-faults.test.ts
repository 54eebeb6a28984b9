import { expect, test } from 'vitest';
import { constant } from '../../sim/kernel/distribution.ts';
import { simulate } from '../../sim/simulate.ts';
import { leaderOf, node, SECOND, smallScenario } from '../../sim/testing.ts';
import { notableFaults } from './notable-faults.ts';

test('of many faults those that somebody felt are told, in the order of time', () => {
  const start = (s: number) => ({
    start: { kind: 'at', atUs: s * SECOND } as const,
    duration: constant(SECOND),
  });
  const run = simulate(
    smallScenario({
      faults: [
        ...[5, 6, 7].map((s) => ({
          ...start(s),
          effect: { kind: 'clock-skew', target: node('m1'), driftPpm: 1, offsetUs: 0 } as const,
        })),
        { ...start(20), duration: constant(20 * SECOND), effect: { kind: 'kill', target: leaderOf('etcd') } },
        { ...start(50), effect: { kind: 'clock-skew', target: node('m2'), driftPpm: 1, offsetUs: 0 } },
      ],
      seconds: 60,
    }),
  );
  expect(notableFaults(run, 5).map((fault) => fault.number)).toEqual([1, 2, 3, 4, 5]);
  expect(notableFaults(run, 2).map((fault) => fault.number)).toEqual([1, 4]);
});
