import { expect, test } from 'vitest';
import { Kernel } from './kernel.ts';
import { periodicTimeUs } from './time.ts';
import { causesOf, NO_CAUSE } from './trace.ts';

test('handles events in the order of time, then of their streams, and stops before the end', () => {
  const kernel = new Kernel(1);
  const seen: string[] = [];
  const first = kernel.stream('first', (n: number) => seen.push(`first ${n} at ${kernel.nowUs}`));
  const second = kernel.stream('second', (n: number) => seen.push(`second ${n} at ${kernel.nowUs}`));
  kernel.schedule(5, second, 0);
  kernel.schedule(5, first, 1);
  kernel.schedule(5, first, 0);
  kernel.schedule(10, first, 2);
  kernel.runUntil(10);
  expect(seen).toEqual(['first 0 at 5', 'first 1 at 5', 'second 0 at 5']);
  expect(kernel.nowUs).toBe(10);
  kernel.runUntil(11);
  expect(seen.at(-1)).toBe('first 2 at 10');
});

test('observers look once at each instant that was touched, after its last event', () => {
  const kernel = new Kernel(1);
  const looks: number[] = [];
  kernel.onSettled(() => looks.push(kernel.nowUs));
  const stream = kernel.stream('s', (n: number) => {
    if (n < 3) kernel.touch();
  });
  for (const [n, at] of [5, 5, 7, 9].entries()) kernel.schedule(at, stream, n);
  kernel.runUntil(20);
  expect(looks).toEqual([5, 7]);
});

test('refuses the past, what is not a time, and two streams of one name', () => {
  const kernel = new Kernel(1, -100);
  const stream = kernel.stream('s', () => {});
  expect(kernel.nowUs).toBe(-100);
  expect(() => kernel.schedule(-101, stream, 0)).toThrow(/scheduled for -101/);
  expect(() => kernel.schedule(Number.NaN, stream, 0)).toThrow();
  expect(() => kernel.stream('s')).toThrow(/two streams/);
});

test('a cancelled event does not happen', () => {
  const kernel = new Kernel(1);
  let count = 0;
  const stream = kernel.stream('s', () => count++);
  const event = kernel.schedule(1, stream, 0);
  expect(kernel.cancel(event)).toBe(true);
  expect(kernel.cancel(event)).toBe(false);
  kernel.runUntil(5);
  expect([count, kernel.eventCount, kernel.pendingCount]).toEqual([0, 0, 0]);
});

test('the trace begins when it is told to, and its chains lead back to their first cause', () => {
  const kernel = new Kernel(1);
  expect(kernel.record('', '', 'warm-up', 0, '', NO_CAUSE)).toBe(NO_CAUSE);
  kernel.trace.begin();
  const fault = kernel.record('', '', 'fault', 0, 'zone b', NO_CAUSE);
  const down = kernel.record('', 'm1', 'node-down', 0, '', fault);
  const lost = kernel.record('etcd', 'm1', 'leader-lost', 3, '', down);
  expect([fault, down, lost]).toEqual([1, 2, 3]);
  expect(causesOf(kernel.trace.events, lost).map((event) => event.event)).toEqual(['node-down', 'fault']);
  expect(() => kernel.record('', '', 'x', 0, '', 99)).toThrow(/unknown cause/);
});

test('time k of a periodic thing never drifts, not even after a century', () => {
  const century = 100 * 365.25 * 86_400 * 10;
  expect(periodicTimeUs(7, 100_000, century)).toBe(7 + 100_000 * century);
});
