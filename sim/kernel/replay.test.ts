import { expect, test } from 'vitest';
import { Kernel } from './kernel.ts';

/** A clock that beats every 10 us, and at each beat sends something that arrives 15 us later. */
function beating() {
  const kernel = new Kernel(1, 0, { parking: true });
  const log: string[] = [];
  const note = (what: string) => log.push(`${kernel.nowUs}${kernel.replaying ? '*' : ''} ${what}`);
  const early = kernel.stream('early', (_n: number, act: () => void) => act());
  const beat = kernel.stream('beat', (n: number) => {
    note(`beat ${n}`);
    kernel.touch();
    kernel.schedule(kernel.nowUs + 10, beat, n + 1);
    kernel.schedule(kernel.nowUs + 15, arrival, n, `m${n}`);
  });
  const arrival = kernel.stream('arrival', (_n: number, payload: string) => note(payload));
  return { kernel, log, note, early, beat, arrival };
}

test('a replay ends just before the present event, and what is under way then goes on by itself', () => {
  const { kernel, log, note, early, beat } = beating();
  kernel.schedule(60, early, 0, () => {
    kernel.replay(20, () => kernel.schedule(20, beat, 2));
    note('woken');
  });
  kernel.runUntil(80);
  expect(log).toEqual([
    ...['20* beat 2', '30* beat 3', '35* m2', '40* beat 4', '45* m3', '50* beat 5', '55* m4'],
    ...['60 woken', '60 beat 6', '65 m5', '70 beat 7', '75 m6'],
  ]);
});

test('outside of an event, everything before the present instant has happened', () => {
  const { kernel, log, beat } = beating();
  kernel.runUntil(40);
  kernel.replay(20, () => kernel.schedule(20, beat, 2));
  expect(log).toEqual(['20* beat 2', '30* beat 3', '35* m2']);
  kernel.runUntil(41);
  expect(log.slice(3)).toEqual(['40 beat 4']);
});

test('other events wait meanwhile; nobody hears of a replay', () => {
  const { kernel, log, note, early, beat } = beating();
  let settled = 0;
  kernel.onSettled(() => settled++);
  for (const atUs of [25, 35]) kernel.schedule(atUs, early, atUs, () => note('other'));
  kernel.schedule(30, early, 0, () => {
    kernel.replay(20, () => kernel.schedule(20, beat, 2));
    for (const { id } of kernel.pendingOf((stream) => stream === beat.id)) kernel.cancel(id);
  });
  kernel.runUntil(80);
  expect(log).toEqual(['25 other', '20* beat 2', '35 other', '35 m2']);
  expect(settled).toBe(0);
  expect(kernel.pendingCount).toBe(0);
});

test('the present time, the names of events and the fields of the present event outlive a replay', () => {
  const { kernel, early, beat } = beating();
  const later = kernel.schedule(90, early, 1, () => {});
  kernel.schedule(60, early, 0, () => {
    kernel.replay(20, () => kernel.schedule(20, beat, 2));
    expect(kernel.nowUs).toBe(60);
    expect(kernel.isPast(60, early.id, 0)).toBe(false);
    expect(kernel.isPast(60, early.id - 1, 9)).toBe(true);
    expect(kernel.isPast(59, beat.id, 9)).toBe(true);
    expect(kernel.cancel(later)).toBe(true);
    expect(kernel.cancel(later)).toBe(false);
  });
  kernel.runUntil(61);
  expect(() => kernel.replay(20, () => kernel.replay(10, () => {}))).toThrow('within a replay');
  expect(() => kernel.replay(20, () => kernel.record('s', 'n', 'campaign', 1, '', 0))).toThrow('campaign');
  expect(kernel.replaying).toBe(false);
});
