import { describe, expect, test } from 'vitest';
import { ALIVE, DEAD, LEFT, SUSPECT, UNKNOWN } from '../../protocols/swim/index.ts';
import { TestCluster } from './testing.ts';

const others = (n: number, ...gone: number[]) =>
  Array.from({ length: n }, (_, i) => i).filter((i) => !gone.includes(i));

describe('a member that dies', () => {
  test.each(['process', 'power', 'pause'] as const)(
    '(%s) is suspected, and after 4 s and more declared dead everywhere',
    (kind) => {
      const cluster = new TestCluster();
      cluster.hold(0, kind);
      cluster.run(4.9);
      expect(others(6, 0).some((i) => cluster.state(i, 0) === DEAD)).toBe(false);
      cluster.run(8);
      expect(others(6, 0).map((i) => cluster.state(i, 0))).toEqual([DEAD, DEAD, DEAD, DEAD, DEAD]);
      expect(others(6, 0).map((i) => cluster.known(i).includes(0))).toEqual(Array(5).fill(false));
    },
  );

  test('by the deck-2017 profile takes a second longer: the multiplier was 5', () => {
    const times = ['deck-2017', 'docker-18.03'].map((profile) => {
      const cluster = new TestCluster({ profile, n: 10 });
      let firstUs = 0;
      cluster.group.watch({
        changed: (_member, { after }) => {
          if (after === DEAD && firstUs === 0) firstUs = cluster.kernel.nowUs;
        },
      });
      cluster.hold(0, 'power');
      cluster.run(20);
      return firstUs;
    });
    expect(times[0]! - times[1]!).toBe(1_000_000);
  });

  test('is forgotten after 30 s and a round of the ring', () => {
    const cluster = new TestCluster({ profile: 'memberlist-lan' });
    cluster.hold(0, 'power');
    cluster.run(120);
    expect(others(6, 0).map((i) => cluster.state(i, 0))).toEqual(Array(5).fill(UNKNOWN));
    expect(cluster.group.members[1]!.swim!.known).toBe(5);
  });
});

test('no member is suspected while nothing is wrong, and views hold no differences', () => {
  const cluster = new TestCluster({ n: 40 });
  let changes = 0;
  cluster.group.watch({ changed: () => changes++ });
  cluster.run(300);
  expect(changes).toBe(0);
  expect(cluster.group.roster.slotCount).toBe(0);
});

test('a frozen member refutes at once when it goes on, for its datagrams were kept', () => {
  const cluster = new TestCluster();
  cluster.hold(0, 'pause');
  cluster.run(12);
  expect(cluster.state(3, 0)).toBe(DEAD);
  const refutedUs: number[] = [];
  cluster.group.watch({ refuted: () => refutedUs.push(cluster.kernel.nowUs) });
  const atUs = cluster.kernel.nowUs;
  cluster.release(0, 'pause');
  cluster.run(1);
  expect(refutedUs).toEqual([atUs]);
  expect(others(6, 0).map((i) => cluster.state(i, 0))).toEqual([ALIVE, ALIVE, ALIVE, ALIVE, ALIVE]);
});

test('a short freeze ends in a refutation, not in a verdict', () => {
  const cluster = new TestCluster({ n: 30 });
  const seen = new Set<number>();
  cluster.group.watch({ changed: (_member, { after }) => seen.add(after) });
  cluster.hold(0, 'pause');
  cluster.run(5);
  cluster.release(0, 'pause');
  cluster.run(3);
  expect(seen).toEqual(new Set([SUSPECT, ALIVE]));
});

describe('a restarted process', () => {
  test('joins through a bootstrap member; under its new name everyone takes it at once', () => {
    const cluster = new TestCluster();
    cluster.hold(4, 'process');
    cluster.run(15);
    cluster.release(4, 'process');
    cluster.run(1);
    expect(others(6, 4).map((i) => cluster.state(i, 4))).toEqual([ALIVE, ALIVE, ALIVE, ALIVE, ALIVE]);
    expect(others(6, 4).map((i) => cluster.known(i).includes(4))).toEqual(Array(5).fill(true));
    expect(cluster.known(4)).toEqual(others(6, 4));
  });

  test('under its old name must first outbid what is said of it', () => {
    const cluster = new TestCluster({ profile: 'memberlist-lan' });
    const refuted: number[] = [];
    cluster.group.watch({ refuted: (member, incarnation) => refuted.push(member.index, incarnation) });
    cluster.hold(4, 'process');
    cluster.run(15);
    cluster.release(4, 'process');
    cluster.run(2);
    expect(refuted).toEqual([4, 2]);
    expect(others(6, 4).map((i) => cluster.state(i, 4))).toEqual([ALIVE, ALIVE, ALIVE, ALIVE, ALIVE]);
  });

  test('tries again each second while nobody answers', () => {
    const cluster = new TestCluster();
    for (const i of others(6)) cluster.hold(i, 'power');
    cluster.run(10);
    cluster.release(5, 'power');
    cluster.run(10);
    expect(cluster.known(5)).toEqual([]);
    cluster.release(0, 'power');
    // A round through three bootstrap members takes up to 10 s for each that is silent.
    cluster.run(45);
    expect(cluster.known(5)).toEqual([0]);
    expect(cluster.known(0)).toEqual([5]);
  });
});

describe('a partition', () => {
  test('each side declares the other dead; after the heal reconnects bring all back within seconds', () => {
    const cluster = new TestCluster({ n: 9 });
    cluster.cut(0, 3, 6);
    cluster.run(60);
    expect(cluster.known(0)).toEqual([3, 6]);
    expect(cluster.known(1)).toEqual([2, 4, 5, 7, 8]);
    cluster.heal();
    cluster.run(12);
    for (const i of others(9)) {
      expect(cluster.known(i)).toEqual(others(9, i));
      expect(others(9, i).map((j) => cluster.state(i, j))).toEqual(Array(8).fill(ALIVE));
    }
  });

  test('longer than a failed member is remembered heals only by the rejoin of 18.06', () => {
    const parameters = { forgetFailedUs: 60_000_000, gossipToTheDeadUs: 5_000_000 };
    const healed = (profile: string) => {
      const cluster = new TestCluster({ n: 6, profile, parameters });
      cluster.cut(5);
      cluster.run(200);
      cluster.heal();
      cluster.run(70);
      return cluster.known(5).length;
    };
    expect([healed('docker-18.03'), healed('docker-18.06')]).toEqual([0, 5]);
  });

  test('with serf reconnects come each 30 s, in proportion to the share that failed', () => {
    const cluster = new TestCluster({ profile: 'serf-0.9', n: 6 });
    cluster.cut(0, 1, 2);
    cluster.run(60);
    cluster.heal();
    cluster.run(90);
    for (const i of others(6))
      expect(others(6, i).map((j) => cluster.state(i, j))).toEqual(Array(5).fill(ALIVE));
  });
});

test('one that is stopped in good order says so: nobody suspects it, and it is let go when that is out', () => {
  const cluster = new TestCluster({ profile: 'serf-0.9' });
  const seen = new Set<number>();
  cluster.group.watch({ changed: (_member, { after }) => seen.add(after) });
  let doneUs = -1;
  const atUs = cluster.kernel.nowUs;
  cluster.group.stopping(cluster.world.nodes[2]!, 0, () => {
    doneUs = cluster.kernel.nowUs;
    cluster.hold(2, 'process');
  });
  cluster.run(10);
  expect(seen).toEqual(new Set([LEFT]));
  expect(doneUs - atUs).toBeGreaterThan(100_000);
  expect(doneUs - atUs).toBeLessThanOrEqual(1_000_000);
  expect(others(6, 2).map((i) => cluster.known(i).includes(2))).toEqual(Array(5).fill(false));
});
