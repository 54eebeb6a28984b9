import { expect, test } from 'vitest';
import { newTableState } from './contract.ts';
import { emergencyRepair } from './emergency-repair.ts';
import { newRaftDurable } from './raft-types.ts';
import { Cluster } from './testing/cluster.ts';
import { ZERO } from './version.ts';

const state = newTableState({ voters: [0, 1, 2, 3], nonVoters: [4, 5], primary: 0 }, ZERO.branch);
const repair = (...dead: number[]) => emergencyRepair(state, (server) => dead.includes(server));

test('is refused while a majority of the voters lives, and when nobody does', () => {
  expect(repair(0)).toBeNull();
  expect(repair(4, 5)).toBeNull();
  expect(repair(0, 1, 2, 3, 4, 5)).toBeNull();
});

test('drops dead voters when half of them are gone', () => {
  const repaired = repair(0, 1)!;
  expect(repaired.state.contract).toMatchObject({ voters: [2, 3], replicas: [2, 3, 4, 5], primary: null });
  expect(repaired.state.config.primary).toBe(2);
  expect(repaired.members).toEqual({ voting: [2, 3], nonVoting: [4, 5] });
});

test('promotes the others when no voter is left', () => {
  expect(repair(0, 1, 2, 3)!.state.contract).toMatchObject({ voters: [4, 5], replicas: [4, 5] });
});

test('the last of three servers serves again, with everything that it had', () => {
  const cluster = new Cluster({ servers: 3, seed: 2 });
  cluster.runFor(20_000, 50);
  const written = cluster.acknowledged.length;
  cluster.kill(1);
  cluster.kill(2);
  cluster.runFor(60_000);
  expect(cluster.primaries).toEqual([]);
  cluster.kill(0);
  const { durable } = cluster.hosts[0]!;
  const repaired = emergencyRepair(durable.raft.log.snapshot.state, (server) => server !== 0)!;
  cluster.beginEpoch();
  cluster.hosts[0]!.durable = { ...durable, raft: newRaftDurable(repaired.state, repaired.members) };
  cluster.start(0);
  // The cluster itself checks that no acknowledged write is missing.
  cluster.runFor(20_000, 50);
  expect(cluster.primaries).toEqual([0]);
  expect(cluster.acknowledged.length).toBeGreaterThan(written + 100);
});
