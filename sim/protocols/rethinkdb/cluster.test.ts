// RethinkDB's own table tests (facts/conformance.md H) and the rules of facts/consensus.md 3, on whole servers.
import { describe, expect, test } from 'vitest';
import { Cluster } from './testing/cluster.ts';

/** "100 writes succeed within 60 s" (H1, H7). */
function expectWrites(cluster: Cluster): void {
  const before = cluster.acknowledged.length;
  const tookMs = cluster.runUntil(() => cluster.acknowledged.length >= before + 100, 60_000, 5);
  expect(tookMs).toBeLessThanOrEqual(60_000);
}

const seeds = Array.from({ length: 20 }, (_, i) => i);

describe('a table of servers', () => {
  test('is served by the configured primary soon after it starts', () => {
    for (const seed of seeds) {
      for (const servers of [1, 2, 3, 4, 5, 7]) {
        const cluster = new Cluster({ servers, seed });
        const tookMs = cluster.runUntil(() => cluster.primaries.length > 0, 60_000);
        expect(tookMs, `${servers} servers, seed ${seed}`).toBeLessThan(15_000);
        expect(cluster.primaries).toEqual([0]);
      }
    }
  });

  test.each(['kill', 'isolate'] as const)('H1: survives any two of five in turn (%s)', (how) => {
    for (const seed of seeds.slice(0, 8)) {
      const cluster = new Cluster({ servers: 5, seed, noticeMs: [500, 700] });
      const down = (...ids: number[]) => {
        for (const id of ids) how === 'kill' ? cluster.kill(id) : cluster.isolate(id);
      };
      const up = (...ids: number[]) => {
        for (const id of ids) how === 'kill' ? cluster.start(id) : cluster.rejoin(id);
      };
      expectWrites(cluster);
      down(0, 1);
      expectWrites(cluster);
      down(2, 3);
      up(0, 1);
      expectWrites(cluster);
      down(4);
      up(2, 3);
      expectWrites(cluster);
    }
  });

  test('H5: the loss of all non-voting replicas stops nothing', () => {
    const cluster = new Cluster({ servers: 6, nonVoters: [3, 4, 5], seed: 1 });
    expectWrites(cluster);
    for (const id of [3, 4, 5]) cluster.kill(id);
    const primaries = cluster.primaries;
    cluster.runFor(30_000, 50);
    expect(cluster.primaries).toEqual(primaries);
    expectWrites(cluster);
  });

  test('H7: ten rounds of losing one of five and replacing it', () => {
    const cluster = new Cluster({ servers: 5, spares: 10, seed: 7 });
    let members = [0, 1, 2, 3, 4];
    expectWrites(cluster);
    for (let round = 0; round < 10; round++) {
      const gone = members[round % 5]!;
      const fresh = 5 + round;
      cluster.kill(gone);
      expectWrites(cluster);
      cluster.introduce(fresh, cluster.raftLeaders[0]!);
      members = [...members.filter((id) => id !== gone), fresh];
      const configured = cluster.runUntil(() => {
        const leader = cluster.raftLeaders
          .map((id) => cluster.hosts[id]!.server!)
          .find((s) => s.raft.readyForChange);
        if (leader === undefined) return false;
        const { config } = leader.raft.committed;
        const asked = leader.raft.committed.state.config.voters;
        if (!asked.includes(fresh)) {
          leader.configure({ voters: members, nonVoters: [], primary: members[0]! });
          cluster.settle(leader.id);
        } else if (config.next === null && !config.members.voting.includes(fresh)) {
          leader.configureRaft({ voting: members, nonVoting: [] });
          cluster.settle(leader.id);
        }
        const { contract } = leader.raft.committed.state;
        return (
          config.next === null &&
          config.members.voting.includes(fresh) &&
          contract.voters.includes(fresh) &&
          !contract.voters.includes(gone)
        );
      }, 60_000);
      expect(configured, `round ${round}`).toBeLessThanOrEqual(60_000);
      expectWrites(cluster);
    }
  });

  test('H8: a Raft leader that votes itself out of two and dies within 30 ms: Raft goes on (rethinkdb#4234)', () => {
    for (const seed of seeds) {
      const cluster = new Cluster({ servers: 2, seed, latencyMs: [1, 5], syncMs: [0, 5] });
      cluster.runFor(20_000);
      const id = cluster.raftLeaders[0]!;
      const other = 1 - id;
      cluster.hosts[id]!.server!.configureRaft({ voting: [other], nonVoting: [] });
      cluster.settle(id);
      cluster.runFor((seed * 7) % 31);
      cluster.kill(id);
      cluster.runFor(3000);
      cluster.start(id);
      const accepts = () => {
        const leader = cluster.raftLeaders
          .map((at) => cluster.hosts[at]!.server!)
          .find((at) => at.raft.readyForChange);
        if (leader === undefined) return false;
        const { config } = leader.raft.committed.state;
        if (leader.raft.latest.state.config === config) {
          leader.configure({ ...config, primary: 1 });
          cluster.settle(leader.id);
        }
        return config.primary === 1;
      };
      expect(cluster.runUntil(accepts, 60_000), `seed ${seed}`).toBeLessThanOrEqual(60_000);
    }
  });

  test('two servers never fail over', () => {
    for (const seed of seeds) {
      for (const gone of [0, 1]) {
        const cluster = new Cluster({ servers: 2, seed });
        cluster.runFor(20_000);
        cluster.kill(gone);
        cluster.runFor(300_000);
        expect(cluster.primaries).toEqual([]);
        cluster.start(gone);
        expect(cluster.runUntil(() => cluster.primaries[0] === 0, 60_000)).toBeLessThanOrEqual(60_000);
      }
    }
  });

  test('a configured primary that comes back takes over, and writes are refused for about a second meanwhile', () => {
    const cluster = new Cluster({ servers: 3, seed: 3 });
    cluster.runFor(20_000);
    cluster.kill(0);
    cluster.runFor(20_000, 50);
    expect(cluster.primaries).toEqual([2]);
    const backAtMs = cluster.nowMs;
    cluster.start(0);
    const refusedBefore = cluster.refused;
    expect(cluster.runUntil(() => cluster.primaries[0] === 0, 10_000, 5)).toBeLessThan(3000);
    const refusedMs = (cluster.refused - refusedBefore) * 5;
    expect(refusedMs).toBeGreaterThan(500);
    expect(refusedMs).toBeLessThan(1500);
    const handOver = cluster.events.find(
      ({ atMs, event }) =>
        atMs >= backAtMs && event.kind === 'contract' && event.after.primary?.handOver === 0,
    );
    expect(handOver).toBeDefined();
  });

  test('a hand-over goes on when the configured primary loses its connection in the middle of it', () => {
    for (const atMs of [215, 220, 225, 230, 240, 260, 300, 400]) {
      const cluster = new Cluster({ servers: 3, seed: 3, syncMs: [20, 30], noticeMs: [1, 5] });
      cluster.runFor(20_000);
      cluster.kill(0);
      cluster.runFor(20_000, 50);
      cluster.start(0);
      cluster.runFor(atMs);
      cluster.cut(0, 2);
      cluster.runFor(40);
      cluster.heal(0, 2);
      expect(cluster.runUntil(() => cluster.primaries[0] === 0, 60_000)).toBeLessThan(60_000);
    }
  });

  test('losing a primary that is not the Raft leader costs the contract rounds only', () => {
    let seen = 0;
    for (const seed of seeds) {
      const cluster = new Cluster({ servers: 3, seed });
      cluster.runFor(20_000);
      if (cluster.raftLeaders[0] === 0) continue;
      seen++;
      cluster.kill(0);
      const tookMs = cluster.runUntil(() => cluster.primaries.length > 0, 20_000);
      expect(tookMs).toBeGreaterThan(590);
      expect(tookMs).toBeLessThan(1000);
    }
    expect(seen).toBeGreaterThan(3);
  });

  test('an isolated leader stays leader, but at once takes no changes when it has noticed', () => {
    const cluster = new Cluster({ servers: 3, seed: 5 });
    cluster.runFor(20_000);
    const leader = cluster.hosts[cluster.raftLeaders[0]!]!.server!;
    cluster.isolate(leader.id);
    cluster.runFor(13_000);
    expect(leader.raft.readyForChange).toBe(true);
    cluster.runFor(3500);
    expect(leader.raft.readyForChange).toBe(false);
    cluster.runFor(60_000);
    expect(leader.raft.mode).toBe('leader');
  });

  test('a server that campaigned alone disrupts the leader once when it comes back', () => {
    const cluster = new Cluster({ servers: 3, seed: 6 });
    cluster.runFor(20_000);
    const leader = cluster.raftLeaders[0]!;
    const lonely = (leader + 1) % 3;
    cluster.isolate(lonely);
    cluster.runFor(100_000);
    const { term } = cluster.hosts[leader]!.server!.raft;
    expect(cluster.hosts[lonely]!.server!.raft.term).toBeGreaterThan(term);
    cluster.rejoin(lonely);
    cluster.runFor(30_000);
    const stepDowns = cluster.events.filter(
      ({ server, event }) => server === leader && event.kind === 'step-down' && event.was === 'leader',
    );
    expect(stepDowns.length).toBe(1);
    expect(cluster.raftLeaders.length).toBe(1);
  });
});
