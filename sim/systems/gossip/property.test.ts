import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALIVE } from '../../protocols/swim/index.ts';
import { TestCluster } from './testing.ts';

const N = 7;

const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('process' as const, 'power' as const, 'pause' as const),
    member: fc.integer({ min: 0, max: N - 1 }),
    seconds: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    members: fc.uniqueArray(fc.integer({ min: 0, max: N - 1 }), { minLength: 1, maxLength: 3 }),
    seconds: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({ kind: fc.constant('heal' as const), seconds: fc.integer({ min: 0, max: 12 }) }),
);

const trouble = fc.record({
  seed: fc.integer({ min: 0, max: 1000 }),
  profile: fc.constantFrom('deck-2017', 'docker-18.06', 'serf-0.9'),
  loss: fc.constantFrom(0, 0, 0.05),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});

/** Does what the steps say, looking after each; ends all faults; returns what every view came to and when. */
function play(
  { seed, profile, loss, steps }: typeof trouble extends fc.Arbitrary<infer T> ? T : never,
  look: (cluster: TestCluster) => void,
) {
  const cluster = new TestCluster({ n: N, seed, profile, loss });
  const log: string[] = [];
  cluster.group.watch({
    changed: ({ index }, { subject, after, incarnation }) =>
      log.push(`${cluster.kernel.nowUs} ${index} ${subject} ${after} ${incarnation}`),
  });
  const held = new Set<string>();
  for (const one of steps) {
    if (one.kind === 'heal') cluster.heal();
    else if (one.kind === 'cut') cluster.cut(...one.members);
    else {
      const key = `${one.member} ${one.kind}`;
      if (held.delete(key)) cluster.release(one.member, one.kind);
      else {
        held.add(key);
        cluster.hold(one.member, one.kind);
      }
    }
    look(cluster);
    cluster.run(one.seconds);
    look(cluster);
  }
  cluster.heal();
  for (const key of held) {
    const [member, kind] = key.split(' ') as [string, 'process' | 'power' | 'pause'];
    cluster.release(Number(member), kind);
  }
  look(cluster);
  return { cluster, log };
}

test('what the outlook counts as it goes is what a plain count finds', () => {
  fc.assert(
    fc.property(trouble, (one) => {
      play(one, (cluster) => expect(cluster.outlookErrors()).toEqual([]));
    }),
    { numRuns: 60, seed: 11 },
  );
});

test('after all faults every view becomes whole again, and nothing is left of the differences', () => {
  fc.assert(
    fc.property(trouble, (one) => {
      const { cluster } = play({ ...one, loss: 0 }, () => {});
      cluster.run(one.profile === 'serf-0.9' ? 400 : 150);
      for (const { index, swim } of cluster.group.members) {
        expect(cluster.known(index).length).toBe(N - 1);
        for (let other = 0; other < N; other++) expect(swim!.view.state(other)).toBe(ALIVE);
        expect(swim!.known).toBe(N);
      }
      cluster.run(60);
      expect(cluster.group.roster.subjectOf.filter((subject) => subject >= 0)).toEqual([]);
      expect(cluster.outlookErrors()).toEqual([]);
    }),
    { numRuns: 40, seed: 12 },
  );
});

test('the same seed and faults give the same changes at the same microseconds', () => {
  fc.assert(
    fc.property(trouble, (one) => {
      expect(play(one, () => {}).log).toEqual(play(one, () => {}).log);
    }),
    { numRuns: 20, seed: 13 },
  );
});

test('looking changes nothing', () => {
  fc.assert(
    fc.property(trouble, (one) => {
      const looked = play(one, (cluster) => {
        cluster.outlookErrors();
      });
      expect(looked.log).toEqual(play(one, () => {}).log);
    }),
    { numRuns: 15, seed: 14 },
  );
});
