import { describe, expect, test } from 'vitest';
import { CountedGaps } from '../kernel/counted-gaps.ts';
import { constant, type Distribution, lognormalFromP50P99, quantile } from '../kernel/distribution.ts';
import { GapProcess } from '../kernel/gaps.ts';
import { Kernel } from '../kernel/kernel.ts';
import { Latency } from './latency.ts';
import { Link, LOST } from './link.ts';
import { worldSpec } from './testing.ts';
import type { LinkQuality } from './topology.ts';
import { World } from './world.ts';

const link = (quality: LinkQuality, countsResends = false) => {
  const kernel = new Kernel(1);
  const world = new World(kernel, worldSpec({ a: 'r/d/a', b: 'r/d/b' }, { quality }));
  const stream = kernel.stream('a>b');
  const resends = countsResends ? new CountedGaps(stream) : null;
  return new Link(world, 0, 1, stream, new GapProcess(stream), resends);
};
const transits = (one: Link, count: number) => Array.from({ length: count }, (_, n) => one.transitUs(n, 100));

test('a message that is drawn again has the same fate', () => {
  const one = link({ latencyUs: lognormalFromP50P99(500, 5000), loss: 0.2, jitterUs: 50 });
  const first = transits(one, 500);
  const again = link({ latencyUs: lognormalFromP50P99(500, 5000), loss: 0.2, jitterUs: 50 });
  expect(transits(again, 500)).toEqual(first);
  expect([499, 3, 250, 3].map((n) => one.transitUs(n, 100))).toEqual([499, 3, 250, 3].map((n) => first[n]));
});

test('the share lost is the share stated', () => {
  const lost = transits(link({ loss: 0.05 }), 100_000).filter((us) => us === LOST).length;
  expect(Math.abs(lost - 5000)).toBeLessThan(4 * Math.sqrt(100_000 * 0.05 * 0.95));
});

describe.each<[string, Distribution]>([
  ['with a short tail', lognormalFromP50P99(500, 1500)],
  ['with a long tail', lognormalFromP50P99(20_000, 80_000)],
  ['uniform', { kind: 'uniform', low: 100, high: 900 }],
])('latency %s', (_name, latencyUs) => {
  test('is distributed as stated, tail and body together', () => {
    const seen = transits(link({ latencyUs }), 100_000).sort((a, b) => a - b);
    for (const share of [0.01, 0.5, 0.99, 0.999]) {
      expect(seen[Math.floor(share * seen.length)]! / quantile(latencyUs, share)).toBeCloseTo(1, 1);
    }
  });
  test('never passes its cap, and the body never its own', () => {
    const latency = new Latency(latencyUs);
    expect(latency.bodyUs(1)).toBeLessThanOrEqual(latency.bodyCapUs);
    expect(latency.tailUs(1)).toBeLessThanOrEqual(latency.capUs);
    expect(latency.bodyCapUs).toBeLessThanOrEqual(latency.capUs);
  });
});

test('bandwidth adds the time that the bytes take, jitter spreads both ways but never below zero', () => {
  expect(link({ latencyUs: constant(10), bandwidthBitsPerSecond: 8_000_000 }).transitUs(0, 1000)).toBe(
    10 + 1000,
  );
  const seen = transits(link({ latencyUs: constant(100), jitterUs: 300 }), 2000);
  expect(Math.min(...seen)).toBe(0);
  expect(Math.max(...seen)).toBeGreaterThan(380);
  expect(Math.max(...seen)).toBeLessThanOrEqual(400);
});

describe.each([
  ['one by one', false],
  ['with those that are lost once drawn apart', true],
])('on a reliable transport, %s,', (_name, apart) => {
  test('losses become delays: 200 ms and the doubling after it', () => {
    const one = link({ latencyUs: constant(500), loss: 0.3 }, apart);
    const path = one.world.network.path(0, 1);
    const seen = Array.from({ length: 50_000 }, (_, n) => one.reliableTransitUs(path, n, 100, 200_000));
    const expectShare = (us: number, share: number) => {
      const found = seen.filter((one) => one === us).length / seen.length;
      expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / seen.length));
    };
    expectShare(500, 0.7);
    expectShare(500 + 200_000, 0.3 * 0.7);
    expectShare(500 + 600_000, 0.09 * 0.7);
    expectShare(500 + 1_400_000, 0.027 * 0.7);
    expect(seen).not.toContain(LOST);
  });

  test('what is late and not lost comes as late as it does on its own', () => {
    const latencyUs = lognormalFromP50P99(500, 5000);
    const one = link({ latencyUs, loss: 0.1 }, apart);
    const path = one.world.network.path(0, 1);
    const seen = Array.from({ length: 100_000 }, (_, n) => one.reliableTransitUs(path, n, 100, 1_000_000));
    const once = seen.filter((us) => us < 1_000_000).sort((a, b) => a - b);
    expect(Math.abs(once.length / seen.length - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / seen.length));
    for (const share of [0.5, 0.99, 0.999])
      expect(once[Math.floor(share * once.length)]! / quantile(latencyUs, share)).toBeCloseTo(1, 1);
  });
});

test('losses that are told before a message is sent are those that it has', () => {
  const one = link({ latencyUs: lognormalFromP50P99(500, 5000), loss: 0.2 }, true);
  const path = one.world.network.path(0, 1);
  one.reliableTransitUs(path, 0, 100, 200_000);
  expect(one.foreseen(path)).toBe(true);
  let lostOnce = 0;
  for (let n = 1; n < 5000; n++) {
    const told = one.nextIrregular(n) === n ? one.lossesOf(path, n) : 0;
    const severe = one.nextSevere(n) === n;
    one.reliableTransitUs(path, n, 100, 200_000);
    expect(one.lossesInARow).toBe(told);
    expect(severe).toBe(one.nextIrregular(n) === n && told !== 1);
    if (told === 1 || (severe && one.resentBetween(n, n) === 1)) lostOnce++;
  }
  expect(one.resentBetween(1, 4999)).toBe(lostOnce);
});
