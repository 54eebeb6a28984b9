import { expect, test } from 'vitest';
import { RandomStream } from '../../kernel/streams.ts';
import { KeyedPermutation } from './permutation.ts';
import { ProbeRing } from './ring.ts';

const all = () => true;
const nothing = () => {};

function take(ring: ProbeRing, count: number, mayProbe: (member: number) => boolean = all): number[] {
  return Array.from({ length: count }, () => ring.next(mayProbe, nothing));
}

test.each([1, 2, 7, 512, 513, 1000, 10_000])('a keyed permutation of %i is one', (size) => {
  const permutation = new KeyedPermutation(new RandomStream(1, 'p'), size);
  for (const round of [0, 5]) {
    const seen = new Set(Array.from({ length: size }, (_, place) => permutation.at(round, place)));
    expect(seen.size).toBe(size);
    expect(Math.max(...seen)).toBe(size - 1);
  }
});

test.each([5, 600])('every member comes as often at every place (size %i)', (size) => {
  const permutation = new KeyedPermutation(new RandomStream(2, 'p'), size);
  const rounds = 3000;
  const first = new Float64Array(size);
  const after = new Float64Array(size);
  for (let round = 0; round < rounds; round++) {
    first[permutation.at(round, 0)]!++;
    // Neighbours must not stay neighbours.
    after[(permutation.at(round, 1) - permutation.at(round, 0) + size) % size]!++;
  }
  const chiSquared = (counts: Float64Array, cells: number) =>
    counts.reduce((sum, count) => sum + (count - rounds / cells) ** 2, 0) / (rounds / cells);
  // Mean size - 1, standard deviation sqrt(2 size): four of those.
  expect(chiSquared(first, size)).toBeLessThan(size + 4 * Math.sqrt(2 * size));
  after[0] = rounds / (size - 1);
  expect(chiSquared(after, size - 1)).toBeLessThan(size + 4 * Math.sqrt(2 * size));
});

test('each round goes once through all others, in another order each time', () => {
  const ring = new ProbeRing(new RandomStream(1, 'ring'), 3, 8, 0);
  ring.next(all, nothing);
  while (ring.round === 0) ring.next(all, nothing);
  const rounds = [take(ring, 7), take(ring, 7), take(ring, 7)];
  // The first probe of round 1 has been taken above.
  const order = [...rounds[0]!, ...rounds[1]!, ...rounds[2]!];
  for (const start of [6, 13]) {
    expect([...order.slice(start, start + 7)].sort()).toEqual([0, 1, 2, 4, 5, 6, 7]);
  }
  expect(order.slice(6, 13)).not.toEqual(order.slice(13, 20));
});

test('members that may not be probed are passed over at no cost; with nobody left there is no target', () => {
  const ring = new ProbeRing(new RandomStream(1, 'ring'), 0, 6, 0);
  expect(new Set(take(ring, 12, (member) => member === 2 || member === 4))).toEqual(new Set([2, 4]));
  expect(ring.next(() => false, nothing)).toBe(-1);
});

test('a newcomer changes places with one at a random offset, which moves to the end (memberlist aliveNode)', () => {
  // Member 5 is unknown at first. Whatever the offset: this round visits 5 at most once, and nobody is left out.
  for (let seed = 0; seed < 40; seed++) {
    const known = new Set([1, 2, 3, 4]);
    const ring = new ProbeRing(new RandomStream(seed, 'ring'), 0, 6, 0);
    const mayProbe = (member: number) => known.has(member);
    while (ring.round === 0) ring.next(mayProbe, nothing);
    known.add(5);
    ring.insert(5, (member) => known.has(member));
    const rest: number[] = [];
    for (let i = 0; i < 30; i++) {
      const round = ring.round;
      const target = ring.next(mayProbe, nothing);
      if (ring.round !== round) break;
      rest.push(target);
    }
    expect(rest.filter((target) => target === 5).length).toBeLessThanOrEqual(1);
    // From the next round on it stands where everyone does.
    expect(new Set([...take(ring, 4, mayProbe), ...take(ring, 5, mayProbe)]).has(5)).toBe(true);
  }
});

test('a newcomer is probed in the round it joins as often as its random offset says', () => {
  let probed = 0;
  const trials = 400;
  for (let seed = 0; seed < trials; seed++) {
    const known = new Set([1, 2, 3, 4, 5, 6, 7, 8]);
    const ring = new ProbeRing(new RandomStream(seed, 'offset'), 0, 10, 0);
    const mayProbe = (member: number) => known.has(member);
    while (ring.round === 0) ring.next(mayProbe, nothing);
    // One of eight is gone by; three more follow.
    for (let i = 0; i < 3; i++) ring.next(mayProbe, nothing);
    known.add(9);
    ring.insert(9, (member) => known.has(member));
    for (let i = 0; i < 12; i++) {
      const target = ring.next(mayProbe, nothing);
      if (ring.round > 1) break;
      if (target === 9) probed++;
    }
  }
  // Four of eight places are still to come.
  expect(probed / trials).toBeGreaterThan(0.42);
  expect(probed / trials).toBeLessThan(0.58);
});

test('to skip is to take, however far and from wherever', () => {
  for (let seed = 0; seed < 60; seed++) {
    const shuffles = seed % 2 === 0;
    const make = () => new ProbeRing(new RandomStream(seed, 'skip'), 2, 9, 0, shuffles);
    const rings = [make(), make()] as const;
    const gone = new Set([seed % 9, (seed * 3) % 9]);
    const mayProbe = (member: number) => !gone.has(member);
    if (seed % 3 === 0 && shuffles) for (const ring of rings) ring.insert(7, () => true);
    for (const count of [0, 1, seed, 14, 1, 7, 1000, 16]) {
      const listed = [0, 1, 3, 4, 5, 6, 7, 8].filter(mayProbe).length;
      const met = new Float64Array(9);
      for (const member of take(rings[0], count, mayProbe)) met[member]!++;
      const eligible = Uint8Array.from(met, (_, member) => Number(member !== 2 && mayProbe(member)));
      const skipped = { rounds: 0, count: 0, members: new Int32Array(18) };
      rings[1].skip(count, listed, eligible, skipped);
      const times = Float64Array.from(eligible, (one) => one * skipped.rounds);
      for (const member of skipped.members.subarray(0, skipped.count)) times[member]!++;
      expect(times).toEqual(met);
      if (shuffles) expect(rings[1].round).toBe(rings[0].round);
      gone.delete(seed % 9);
    }
  }
});

test('what lies ahead in a round is known before it is taken', () => {
  const ring = new ProbeRing(new RandomStream(3, 'ahead'), 0, 8, 0);
  for (let i = 0; i < 40; i++) {
    const ahead = ring.before(all, (member) => member === 5);
    const { round } = ring;
    for (let n = 0; n < ahead; n++) expect(ring.next(all, nothing)).not.toBe(5);
    expect(ring.round).toBe(round);
    const next = ring.next(all, nothing);
    expect(next === 5 || ring.round > round).toBe(true);
  }
});
