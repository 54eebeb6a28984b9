import { expect, test } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { Retransmission } from './retransmission.ts';

/** When data that nobody acknowledges is sent again, seconds; `secondAtMs`: another packet follows the first. */
function attempts(
  untilS: number,
  secondAtMs: number | null = null,
  roundTripUs = 100,
): { tries: number[]; gaveUpS: number | null } {
  const kernel = new Kernel(1);
  const tries: number[] = [];
  let gaveUpS: number | null = null;
  const retransmission = new Retransmission(
    kernel,
    'test',
    0,
    () => {
      tries.push(kernel.nowUs / 1e6);
      return false;
    },
    () => {
      gaveUpS = kernel.nowUs / 1e6;
    },
  );
  retransmission.sent(roundTripUs);
  if (secondAtMs !== null) {
    kernel.runUntil(secondAtMs * 1000);
    retransmission.sent(100);
  }
  kernel.runUntil(untilS * 1e6);
  return { tries, gaveUpS };
}

const near = (seconds: readonly number[], expected: readonly number[]) => {
  expect(seconds.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    // Each wait is late by at most an eighth and a jiffy.
    expect(seconds[i]!).toBeGreaterThanOrEqual(value);
    expect(seconds[i]!).toBeLessThan(value * 1.13 + 0.03);
  }
};

test('a lone packet goes out again after R, 2R, 4R ...: the first is a probe', () => {
  near(attempts(60).tries, [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2]);
});

test('a packet that is followed by another goes out again after R, 3R, 7R ...', () => {
  near(attempts(60, 100).tries, [0.2, 0.6, 1.4, 3.0, 6.2, 12.6, 25.4, 51.0]);
});

test('waits no longer than two minutes between two tries, and gives up after a quarter of an hour', () => {
  const { tries, gaveUpS } = attempts(2000);
  const waits = tries.slice(1).map((at, i) => at - tries[i]!);
  expect(Math.max(...waits)).toBeLessThan(135);
  expect(gaveUpS!).toBeGreaterThan(924);
  expect(gaveUpS!).toBeLessThan(1080);
});

test('tries again after two minutes at the latest, however slow the path is', () => {
  const { tries } = attempts(200, null, Number.MAX_VALUE);
  near(tries, [120]);
});

test('ends when a try gets through', () => {
  const kernel = new Kernel(1);
  let passable = false;
  let tries = 0;
  const retransmission = new Retransmission(
    kernel,
    'test',
    0,
    () => {
      tries++;
      return passable;
    },
    () => {},
  );
  retransmission.sent(0);
  kernel.runUntil(1_000_000);
  passable = true;
  kernel.runUntil(10_000_000);
  expect([tries, retransmission.active]).toEqual([4, false]);
});
