import { expect, test } from 'vitest';
import { expectedDowntimes, type StructureFunction } from './expected-downtime.ts';
import { quorumOf } from './majority.ts';
import { steadyQuorumOdds } from './markov.ts';
import { courseOf } from './renewal.ts';
import { type ChainComponent, chainShares } from './repair-chain.ts';

const alike = (n: number, mttf: number, mttr: number, crew: number | null = null): ChainComponent[] =>
  Array.from({ length: n }, () => ({
    failureRate: 1 / mttf,
    callRate: null,
    repairRate: 1 / mttr,
    crew,
    count: 1,
    holds: [],
  }));

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}

const majorityLost = (n: number): StructureFunction =>
  Float64Array.from({ length: 1 << n }, (_, set) => (n - bits(set) < quorumOf(n) ? 1 : 0));

const shareOf = (structure: StructureFunction, shares: Float64Array) =>
  structure.reduce((sum, down, set) => sum + down * shares[set]!, 0);

test('independent members: the chain in the long run is the binomial', () => {
  for (const n of [1, 3, 5]) {
    const { shares } = chainShares(alike(n, 1000, 1), [], null);
    const { down } = steadyQuorumOdds(n, { mttf: 1000, mttr: 1 });
    expect(shareOf(majorityLost(n), shares) / down).toBeCloseTo(1, 10);
  }
});

test('independent members: over a run of any length the chain is the enumeration of sets', () => {
  for (const horizon of [0.5, 10, 200, 1e5]) {
    const lost = majorityLost(3);
    const chain = chainShares(alike(3, 1000, 1), [], horizon);
    const course = courseOf(
      { up: { kind: 'exponential', mean: 1000 }, down: [{ kind: 'exponential', mean: 1 }] },
      horizon,
    );
    const sets = expectedDowntimes([lost], [course, course, course], horizon)[0]!;
    expect(shareOf(lost, chain.shares) / sets.share, `${horizon}`).toBeCloseTo(1, 8);
    const outages = horizon * chain.flows((from, to) => Math.max(0, lost[to]! - lost[from]!));
    expect(outages / sets.outages, `${horizon}`).toBeCloseTo(1, 8);
  }
});

test('one crew for three: the machine repair model (Trivedi, 8.2), p(k) = 3! / (3 - k)! r^k p(0)', () => {
  const r = 5 / 100;
  const weights = [1, 3 * r, 6 * r * r, 6 * r * r * r];
  const total = weights.reduce((a, b) => a + b, 0);
  const { shares } = chainShares(alike(3, 100, 5, 0), [1], null);
  expect(shareOf(majorityLost(3), shares)).toBeCloseTo((weights[2]! + weights[3]!) / total, 12);
});

test('a crew for everybody keeps nobody waiting', () => {
  const free = chainShares(alike(3, 100, 5), [], 1000).shares;
  const crewed = chainShares(alike(3, 100, 5, 0), [3], 1000).shares;
  free.forEach((share, set) => {
    expect(crewed[set]! / share).toBeCloseTo(1, 9);
  });
});

test('a reaction before the repair makes a repair of two stages: its mean alone counts in the long run', () => {
  const staged = alike(1, 100, 3).map((one) => ({ ...one, callRate: 1 / 2 }));
  expect(chainShares(staged, [], null).shares[1]!).toBeCloseTo(5 / 105, 12);
});

test('who is held by a common cause does not fail meanwhile', () => {
  const [member] = alike(1, 100, 5);
  const cause: ChainComponent = { ...alike(1, 50, 10)[0]!, holds: [0] };
  const { shares } = chainShares([member!, cause], [], null);
  // The cause is on its own: 10 / 60. The member fails only while it is up, and is repaired all the time.
  expect(shares[2]! + shares[3]!).toBeCloseTo(10 / 60, 12);
  // Balance of the member's failures and repairs: (up share without the cause) / 100 = (down share) / 5.
  expect(shares[0]! / 100).toBeCloseTo((shares[1]! + shares[3]!) / 5, 12);
});
