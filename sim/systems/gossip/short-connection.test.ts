import { expect, test } from 'vitest';
import { constant } from '../../kernel/distribution.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type { Hold } from '../../world/node.ts';
import { worldSpec } from '../../world/testing.ts';
import { World } from '../../world/world.ts';
import { TrafficCounter } from '../traffic.ts';
import { Dialler } from './short-connection.ts';

const S = 1_000_000;
const DARK: Hold = { kind: 'power', cause: 0, fsyncUs: null, driftPpm: 0 };

/** Dials from one node to another, 1 ms apart; what happened, and when. */
function dial(
  options: {
    listens?: boolean;
    answersAfterUs?: number;
    refuses?: boolean;
    darkUntilUs?: number;
    loss?: number;
  } = {},
): string {
  const kernel = new Kernel(1, 0);
  const world = new World(
    kernel,
    worldSpec(
      { a: 'r/d/z', b: 'r/d/z' },
      { latencyUs: { 'within-zone': constant(1000) }, quality: { loss: options.loss ?? 0 } },
    ),
  );
  const later = kernel.stream('later', (_number: number, act: () => void) => act());
  const dialler = new Dialler(kernel, world, 'a/connection', 0, new TrafficCounter());
  if (options.darkUntilUs !== undefined) {
    world.addHold(world.node('b'), DARK);
    kernel.schedule(options.darkUntilUs, later, 0, () => world.removeHold(world.node('b'), DARK, 0));
  }
  let outcome = 'nothing';
  dialler.dial({
    from: 0,
    to: 1,
    deadlineUs: 10 * S,
    requestBytes: () => 100,
    listens: () => options.listens ?? true,
    requested: (answer, refuse) => {
      if (options.refuses) refuse();
      else if (options.answersAfterUs === undefined) answer(100);
      else kernel.schedule(kernel.nowUs + options.answersAfterUs, later, 1, () => answer(100));
    },
    answered: () => (outcome = `answered ${kernel.nowUs / 1000}`),
    failed: () => (outcome = `failed ${kernel.nowUs / 1000}`),
  });
  kernel.runUntil(60 * S);
  return outcome;
}

test('an exchange takes two round trips: SYN and its answer, request and answer', () => {
  expect(dial()).toBe('answered 4');
});

test('a machine without the process refuses after one round trip', () => {
  expect(dial({ listens: false })).toBe('failed 2');
});

test('a process that goes away meanwhile resets the connection', () => {
  expect(dial({ refuses: true })).toBe('failed 4');
});

test('silence lasts until the deadline', () => {
  expect(dial({ darkUntilUs: 50 * S })).toBe('failed 10000');
});

test('a SYN is sent again after 1, 3, 7 s: the first one after the heal gets through', () => {
  expect(dial({ darkUntilUs: 3.5 * S })).toBe('answered 7004');
});

test('a process that answers too late is not waited for', () => {
  expect(dial({ answersAfterUs: 11 * S })).toBe('failed 10000');
});

test('loss delays, it does not fail', () => {
  expect(dial({ loss: 0.2 })).toMatch(/^answered/);
});
