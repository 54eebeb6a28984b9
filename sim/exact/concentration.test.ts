import { expect, test } from 'vitest';
import { singlePointsOfFailure, votersByZone } from './concentration.ts';
import { Ground } from './remains.ts';
import { smallPlatform } from './testing.ts';

function points(zones: readonly number[]) {
  const scenario = smallPlatform({ zones, systems: [{ kind: 'etcd' }] });
  return singlePointsOfFailure(scenario, scenario.systems[0]!, new Ground(scenario.world)).map(
    ({ level, place, voters, majority }) => `${level} ${place}: ${voters}${majority ? ', a majority' : ''}`,
  );
}

test('three over three zones: only the datacenter as a whole', () => {
  expect(points([1, 1, 1])).toEqual(['datacenter dc: 3, a majority']);
});

test('two and one: the zone of two', () => {
  expect(points([2, 1])).toEqual(['zone dc/a: 2, a majority', 'datacenter dc: 3, a majority']);
});

test('two and two: either zone, though neither holds a majority', () => {
  expect(points([2, 2])).toEqual(['zone dc/a: 2', 'zone dc/b: 2', 'datacenter dc: 4, a majority']);
});

test('all in one zone: the zone, and the datacenter is not named again', () => {
  expect(points([3])).toEqual(['zone dc/a: 3, a majority']);
});

test('voters by zone', () => {
  const scenario = smallPlatform({ zones: [2, 0, 1], systems: [{ kind: 'etcd', learners: 1 }] });
  expect(votersByZone(scenario.systems[0]!, new Ground(scenario.world))).toEqual([
    { zone: 'dc/a', voters: 2 },
  ]);
});
