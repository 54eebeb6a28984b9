/** memberlist state.go: aliveNode, suspectNode, deadNode, refute, mergeState, resetNodes. */
import { describe, expect, test } from 'vitest';
import { ALIVE, DEAD, LEFT, SUSPECT, Swim, Timings, UNKNOWN } from './index.ts';
import { alive, bench, dead, diceOf, gossip, LAN, RecordingHost, suspect, waiting } from './testing/bench.ts';

const S = 1_000_000;

describe('suspicion', () => {
  /** When a suspicion that began at `beganUs` comes to its end. */
  const endOf = ({ node, host }: ReturnType<typeof bench>, fromUs = 0) => {
    for (let atUs = fromUs; Number.isFinite(atUs); atUs = host.suspicionUs) {
      host.suspicionUs = Number.POSITIVE_INFINITY;
      node.suspicionsDue(atUs);
      if (host.changes.at(-1)?.after === DEAD) return atUs;
    }
    return Number.POSITIVE_INFINITY;
  };

  test.each([
    [1, 24_000_000],
    // 24 - ln 2 / ln 3 * 20 s, in whole milliseconds.
    [2, 11_381_000],
    [3, 4_000_000],
    [5, 4_000_000],
  ])('of %i different suspects lasts %i us', (suspects, us) => {
    const b = bench(10);
    for (let from = 1; from <= suspects; from++)
      b.node.receive(gossip(from, suspect(5, from)), 10 * S + from - 1);
    expect(endOf(b, 10 * S) - 10 * S).toBe(us);
    expect(b.host.changes.at(-1)).toMatchObject({
      reason: 'timeout',
      confirmations: Math.min(2, suspects - 1),
    });
  });

  test('a confirmation that comes late ends it at once', () => {
    const b = bench(10);
    b.node.receive(gossip(1, suspect(5, 1)), 0);
    b.node.suspicionsDue(4 * S);
    expect(b.host.suspicionUs).toBe(24 * S);
    b.node.receive(gossip(2, suspect(5, 2)), 6 * S);
    expect(b.host.suspicionUs).toBe(11_381_000);
    b.node.receive(gossip(3, suspect(5, 3)), 7 * S);
    expect(b.host.suspicionUs).toBeLessThanOrEqual(7 * S);
    b.node.suspicionsDue(7 * S);
    expect(b.node.view.state(5)).toBe(DEAD);
  });

  test('the same suspector counts once, however often it is heard of', () => {
    const b = bench(10);
    b.node.receive(gossip(1, suspect(5, 1)), 0);
    for (const from of [1, 2, 2, 2]) b.node.receive(gossip(2, suspect(5, from)), 0);
    expect(endOf(b)).toBe(11_381_000);
  });

  test('where there are too few to confirm it lasts the shortest time from the start', () => {
    const b = bench(3);
    b.node.receive(gossip(1, suspect(2, 1)), 0);
    expect(endOf(b)).toBe(4 * S);
  });

  test('each ends in its own time, also one that was over and began anew', () => {
    const { node, host } = bench(10);
    const confirmed = (subject: number, atUs: number, incarnation = 1) => {
      for (const from of [1, 2, 3]) node.receive(gossip(from, suspect(subject, from, incarnation)), atUs);
    };
    confirmed(5, 0);
    confirmed(6, 1 * S);
    node.receive(gossip(1, alive(5, 2)), 1.5 * S);
    confirmed(5, 2 * S, 2);
    confirmed(7, 3 * S);
    const ends: string[] = [];
    for (let atUs = 0; Number.isFinite(atUs) && atUs < 60 * S; ) {
      const before = host.changes.length;
      host.suspicionUs = Number.POSITIVE_INFINITY;
      node.suspicionsDue(atUs);
      for (const { subject } of host.changes.slice(before)) ends.push(`${subject} at ${atUs / S}`);
      atUs = host.suspicionUs;
    }
    expect(ends).toEqual(['6 at 5', '5 at 6', '7 at 7']);
  });

  test('news of it is passed on, and a confirmation too, in its place; further ones are not', () => {
    const { node } = bench(10);
    node.receive(gossip(1, suspect(5, 1)), 0);
    expect(waiting(node, 5)).toMatchObject({ kind: 'suspect', from: 1 });
    node.receive(gossip(1, suspect(5, 2)), 0);
    node.receive(gossip(1, suspect(5, 3)), 0);
    expect(waiting(node, 5)).toMatchObject({ from: 3 });
    expect(node.updates.count).toBe(1);
    node.receive(gossip(1, suspect(5, 4)), 0);
    expect(waiting(node, 5)).toMatchObject({ from: 3 });
  });

  test('one of an older incarnation, or of someone unknown or dead, says nothing', () => {
    const { node, host } = bench(10);
    node.receive(gossip(1, alive(5, 4)), 0);
    node.receive(gossip(1, suspect(5, 1, 3)), 0);
    expect(node.view.state(5)).toBe(ALIVE);
    node.receive(gossip(1, dead(6, 1)), 0);
    const before = host.changes.length;
    node.receive(gossip(1, suspect(6, 2)), 0);
    expect(host.changes.length).toBe(before);
  });

  test('it ends without a verdict when the suspect shows a higher incarnation', () => {
    const { node, host } = bench(10);
    node.receive(gossip(1, suspect(5, 1)), 0);
    node.receive(gossip(1, alive(5, 1)), 0);
    expect(node.view.state(5)).toBe(SUSPECT);
    node.receive(gossip(1, alive(5, 2)), 0);
    expect(node.view.state(5)).toBe(ALIVE);
    node.suspicionsDue(100 * S);
    expect(host.changes.map(({ after }) => after)).toEqual([SUSPECT, ALIVE]);
  });
});

describe('refutation', () => {
  test.each([
    ['suspect', suspect(0, 3, 1), 2],
    ['dead', dead(0, 3, 7), 8],
    ['alive', alive(0, 4), 5],
  ])(
    'a %s about oneself is answered in an incarnation above it, and health suffers',
    (accusation, update, incarnation) => {
      const { node, host } = bench(10);
      node.receive(gossip(3, update), 0);
      expect(host.refutations).toMatchObject([{ incarnation, accusation }]);
      expect(node.incarnation).toBe(incarnation);
      expect(node.score).toBe(1);
      expect(waiting(node, 0)).toMatchObject({
        kind: 'alive',
        subject: 0,
        incarnation,
      });
      expect(node.view.state(0)).toBe(ALIVE);
    },
  );

  test('what is said of an earlier incarnation is no news', () => {
    const { node, host } = bench(10);
    node.receive(gossip(3, suspect(0, 3, 1)), 0);
    node.receive(gossip(3, suspect(0, 4, 1), dead(0, 4, 1), alive(0, 2)), 0);
    expect(host.refutations.length).toBe(1);
  });
});

describe('death', () => {
  test('a verdict is believed at once and passed on; the same again is not', () => {
    const { node, host } = bench(10);
    node.receive(gossip(1, dead(5, 1)), 3 * S);
    expect(node.view.state(5)).toBe(DEAD);
    node.receive(gossip(2, dead(5, 2)), 4 * S);
    expect(host.changes.length).toBe(1);
    expect(waiting(node, 5)).toMatchObject({ from: 1 });
  });

  test('only a higher incarnation brings one back', () => {
    const { node, host } = bench(10);
    node.receive(gossip(1, dead(5, 1)), 0);
    node.receive(gossip(1, alive(5, 1)), 0);
    expect(node.view.state(5)).toBe(DEAD);
    node.receive(gossip(1, alive(5, 2)), 0);
    expect(host.changes.at(-1)).toMatchObject({ before: DEAD, after: ALIVE });
  });

  test('one that says so itself has left; older versions call that dead', () => {
    const { node } = bench(10);
    node.receive(gossip(5, dead(5, 5)), 0);
    expect(node.view.state(5)).toBe(LEFT);
    const old = bench(10, { tellsLeft: false });
    old.node.receive(gossip(5, dead(5, 5)), 0);
    expect(old.node.view.state(5)).toBe(DEAD);
  });

  test('leaving, a node tells so of itself and refutes nothing any more', () => {
    const { node, host } = bench(10);
    node.leave(0);
    expect(waiting(node, 0)).toMatchObject({ kind: 'dead', subject: 0, from: 0 });
    node.receive(gossip(3, suspect(0, 3), dead(0, 3)), 0);
    expect(host.refutations).toEqual([]);
  });

  test('the dead are forgotten at the wrap of the ring after 30 s, not before, and those that left never', () => {
    const { node } = bench(4);
    node.receive(gossip(1, dead(2, 1), dead(3, 3)), 0);
    const wrapAt = (seconds: number) => {
      for (let i = 0; i < 4; i++) {
        node.probeTick(seconds * S);
        const { probe } = node;
        if (probe !== null)
          node.receive({ ...gossip(probe.target), kind: 'ack', probe, updates: null }, seconds * S);
      }
    };
    wrapAt(29);
    expect(node.view.state(2)).toBe(DEAD);
    expect(node.known).toBe(4);
    wrapAt(31);
    expect(node.view.state(2)).toBe(UNKNOWN);
    expect(node.view.state(3)).toBe(LEFT);
    expect(node.known).toBe(3);
    // Forgotten, it is a stranger: any incarnation will do, but nothing else is believed of it.
    node.receive(gossip(1, suspect(2, 1), dead(2, 1)), 32 * S);
    expect(node.view.state(2)).toBe(UNKNOWN);
    node.receive(gossip(1, alive(2, 1)), 33 * S);
    expect(node.view.state(2)).toBe(ALIVE);
    expect(node.known).toBe(4);
  });
});

describe('an exchange of states (mergeState)', () => {
  const pair = () => {
    const one = bench(10);
    const host = new RecordingHost();
    const other = Swim.settled(1, new Timings(LAN), one.roster, host, diceOf('other'), {
      probes: 0,
      rounds: 0,
    });
    return { ...one, other, otherHost: host };
  };

  test("what the other holds dead is only suspected, in one's own name", () => {
    const { node, other } = pair();
    other.receive(gossip(2, dead(5, 2)), 0);
    node.merge(other.snapshot(), 0);
    expect(node.view.state(5)).toBe(SUSPECT);
    expect(waiting(node, 5)).toMatchObject({ kind: 'suspect', from: 0 });
  });

  test('who left is taken as left, higher incarnations are taken over, and what is the same says nothing', () => {
    const { node, host, other } = pair();
    other.receive(gossip(2, dead(4, 4), alive(6, 3)), 0);
    node.merge(other.snapshot(), 0);
    expect(node.view.state(4)).toBe(LEFT);
    expect(node.view.incarnationOf(6)).toBe(3);
    const changes = host.changes.length;
    node.merge(other.snapshot(), 0);
    expect(host.changes.length).toBe(changes);
  });

  test('a node that is held dead learns of it there, and refutes', () => {
    const { node, host, other } = pair();
    other.receive(gossip(2, dead(0, 2)), 0);
    node.merge(other.snapshot(), 0);
    expect(host.refutations).toMatchObject([{ incarnation: 2, accusation: 'suspect' }]);
    other.merge(node.snapshot(), 0);
    expect(other.view.state(0)).toBe(ALIVE);
  });

  test('a snapshot is what was held when it was taken', () => {
    const { node, other } = pair();
    other.receive(gossip(2, dead(5, 2)), 0);
    const early = other.snapshot();
    other.receive(gossip(2, dead(6, 2)), 0);
    node.merge(early, 0);
    expect(node.view.state(6)).toBe(ALIVE);
  });

  test('a process that has just started knows itself, learns of everyone, and is learned of', () => {
    const { roster, other } = pair();
    other.receive(gossip(2, dead(5, 2)), 0);
    other.receive(gossip(2, dead(0, 2)), 0);
    const host = new RecordingHost();
    const started = Swim.started(0, new Timings(LAN), roster, host, diceOf('s'), { probes: 0, rounds: 0 }, 1);
    expect([started.known, started.view.state(3)]).toEqual([1, UNKNOWN]);
    started.probeTick(0);
    expect(host.sent).toEqual([]);
    const mine = started.snapshot();
    started.merge(other.snapshot(), 0);
    other.merge(mine, 0);
    // Dead members that it never knew it does not list; its own death it refutes.
    expect([started.known, started.view.state(3), started.view.state(5)]).toEqual([9, ALIVE, UNKNOWN]);
    expect(started.incarnation).toBe(2);
    expect(other.view.state(0)).toBe(DEAD);
    other.merge(started.snapshot(), 0);
    expect(other.view.state(0)).toBe(ALIVE);
  });
});
