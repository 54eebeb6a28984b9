import { expect, test } from 'vitest';
import { everyWay } from './ways.ts';

test('every sequence of choices, once', () => {
  const { ways, complete } = everyWay((choose) => `${choose(2)}${choose(3)}`);
  expect(ways).toEqual(['00', '01', '02', '10', '11', '12']);
  expect(complete).toBe(true);
});

test('later choices may depend on earlier ones', () => {
  const { ways } = everyWay((choose) => (choose(2) === 0 ? 'stop' : `on${choose(2)}`));
  expect(ways).toEqual(['stop', 'on0', 'on1']);
});

test('nothing to choose is one way', () => {
  expect(everyWay(() => 'x')).toEqual({ ways: ['x'], complete: true });
});

test('too many ways are cut off and said to be', () => {
  const { ways, complete } = everyWay((choose) => [choose(30), choose(30)]);
  expect(complete).toBe(false);
  expect(ways.length).toBe(500);
});
