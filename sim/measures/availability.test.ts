import { expect, test } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { type Access, SERVED, type System } from '../systems/system.ts';
import { AvailabilityMeter } from './availability.ts';
import { findOutages, summarize } from './summary.ts';

type Step = readonly [atS: number, outcome: Access['outcome'], stale?: boolean];
const S = 1_000_000;

/** Plays a script of what requests meet, and gives what became of them. */
function play(deadlineS: number, steps: readonly Step[], endS: number) {
  return playSteps(
    deadlineS,
    steps.map(([atS, outcome, stale]) => [atS, { outcome, stale: stale ?? false }]),
    endS,
  );
}

/** The same in 20 s, with everything that a request may meet. */
function playAccess(deadlineS: number, steps: readonly (readonly [number, Partial<Access>])[]): string[] {
  return playSteps(deadlineS, steps, 20).words;
}

function playSteps(deadlineS: number, steps: readonly (readonly [number, Partial<Access>])[], endS: number) {
  const kernel = new Kernel(1);
  let now = SERVED;
  const system = {
    spec: { name: 'etcd' },
    operations: [{ name: 'write', deadlineUs: deadlineS * S }],
    access: () => now,
  } as unknown as System;
  const meter = new AvailabilityMeter(kernel, [system], [{ name: 'zone', level: 'zone', nodes: [0] }]);
  for (const [atS, access] of steps) {
    kernel.runUntil(atS * S);
    now = { ...SERVED, ...access };
    meter.settle();
  }
  kernel.runUntil(endS * S);
  const intervals = meter.intervals(endS * S);
  return {
    words: intervals.map((i) => `${i.fromUs / S}-${i.toUs / S} ${i.state}${i.waits ? ' waits' : ''}`),
    intervals,
  };
}

test('a request that waits and is served within its deadline counts as up', () => {
  expect(
    play(
      7,
      [
        [0, 'served'],
        [10, 'waits'],
        [12, 'served'],
      ],
      20,
    ).words,
  ).toEqual(['0-10 up', '10-12 up waits', '12-20 up']);
});

test('one that would wait longer than its deadline does not', () => {
  expect(
    play(
      7,
      [
        [0, 'served'],
        [10, 'waits'],
        [30, 'served'],
      ],
      40,
    ).words,
  ).toEqual(['0-10 up', '10-23 down', '23-30 up waits', '30-40 up']);
});

test('one that is refused does not wait, even if service is back a moment later', () => {
  expect(
    play(
      7,
      [
        [0, 'served'],
        [10, 'fails'],
        [11, 'waits'],
        [12, 'served'],
      ],
      20,
    ).words,
  ).toEqual(['0-10 up', '10-11 down', '11-12 up waits', '12-20 up']);
});

test('a stale answer is better than none, and worse than waiting for a good one', () => {
  expect(
    play(
      5,
      [
        [0, 'served'],
        [10, 'waits', true],
        [30, 'served'],
      ],
      40,
    ).words,
  ).toEqual(['0-10 up', '10-25 degraded', '25-30 up waits', '30-40 up']);
  expect(play(5, [[0, 'fails', true]], 10).words).toEqual(['0-10 degraded']);
});

test('what still waits when the run ends was not served', () => {
  expect(
    play(
      60,
      [
        [0, 'served'],
        [10, 'waits'],
      ],
      20,
    ).words,
  ).toEqual(['0-10 up', '10-20 down']);
});

test('availability is the share of time up; outages are maximal and know whether they ended', () => {
  const { intervals } = play(
    0,
    [
      [0, 'served'],
      [10, 'fails'],
      [11, 'waits'],
      [12, 'served'],
      [15, 'fails'],
    ],
    20,
  );
  const outages = findOutages(intervals, [], 20 * S);
  expect(outages.map((o) => [o.fromUs / S, o.toUs / S, o.ended])).toEqual([
    [10, 12, true],
    [15, 20, false],
  ]);
  expect(summarize(intervals, 20 * S, outages)).toMatchObject([
    { availability: 13 / 20, downtimeUs: 7 * S, outages: 2, longestOutageUs: 5 * S, degradedUs: 0 },
  ]);
});

/** Leaders in their terms. */
const FIRST = 1;
const SECOND = 2;

test('a request that was handed to a leader is served only by that leader, in that term', () => {
  const script = (next: number) =>
    playAccess(7, [
      [0, { outcome: 'served', bond: FIRST }],
      [10, { outcome: 'waits', bond: FIRST }],
      [12, { outcome: 'waits' }],
      [13, { outcome: 'served', bond: next }],
    ]);
  expect(script(FIRST)).toEqual(['0-10 up', '10-13 up waits', '13-20 up']);
  // What the old leader had is lost; what came when there was none is served by the new one.
  expect(script(SECOND)).toEqual(['0-10 up', '10-12 down', '12-13 up waits', '13-20 up']);
});

test('that newcomers are turned away does not end the wait of those who came before', () => {
  const script = (refused: boolean) =>
    playAccess(7, [
      [0, { outcome: 'waits' }],
      [2, { outcome: 'fails', refused }],
      [5, { outcome: 'served' }],
    ]);
  expect(script(true)).toEqual(['0-2 up waits', '2-5 down', '5-20 up']);
  expect(script(false)).toEqual(['0-5 down', '5-20 up']);
});
