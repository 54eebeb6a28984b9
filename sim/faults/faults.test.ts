import { describe, expect, test } from 'vitest';
import { constant } from '../kernel/distribution.ts';
import type { Run } from '../run.ts';
import { simulate } from '../simulate.ts';
import { all, leaderOf, node, SECOND, type SmallScenario, smallScenario } from '../testing.ts';
import type { FaultEffect, FaultSpec } from './fault-spec.ts';

const run = (small: SmallScenario, seed = 1): Run => simulate(smallScenario(small), { seed });
const one = (effect: FaultEffect, more: Partial<FaultSpec> = {}) => ({
  effect,
  start: { kind: 'at', atUs: 10 * SECOND } as const,
  duration: constant(20 * SECOND),
  ...more,
});
const states = (result: Run, name: string) =>
  result.members.filter((member) => member.node === name).map((member) => member.state);
const told = (result: Run, name: string) =>
  result.events
    .filter((event) => event.node === name && event.system === '')
    .map((event) => [event.event, event.timeUs / SECOND]);

describe('what each kind of fault does to its target', () => {
  test('kill: the process is gone for as long as it says, and comes back', () => {
    const result = run({ faults: [one({ kind: 'kill', target: node('m2') })] });
    expect(told(result, 'm2')).toEqual([
      ['node-down', 10],
      ['node-up', 30],
    ]);
    expect(states(result, 'm2')).toContain('down');
  });

  test('power-loss and zone-outage: the machine is dark, and so is the place for its users', () => {
    const result = run({ faults: [one({ kind: 'zone-outage', place: 'r/d/b' })] });
    expect(told(result, 'm2').map(([event]) => event)).toEqual(['node-down', 'node-up']);
    const users = result.availability.filter((i) => i.vantage === 'r/d/b' && i.operation === 'read');
    expect(users.find((interval) => interval.fromUs === 10 * SECOND)).toMatchObject({ state: 'down' });
  });

  test('pause: the process is frozen, its peers elect another leader if it led, and it follows when it goes on', () => {
    const result = run({ faults: [one({ kind: 'pause', target: leaderOf('etcd') })] });
    const [failover] = result.failovers;
    expect(states(result, failover!.oldLeader)).toEqual(
      expect.arrayContaining(['leader', 'paused', 'follower']),
    );
    expect(failover!.recoveredUs!).toBeLessThan(6 * SECOND);
  });

  test('stop: a leader of etcd hands over before it goes, so that the gap is far below an election timeout', () => {
    const result = run({ faults: [one({ kind: 'stop', target: leaderOf('etcd') })] });
    expect(result.failovers).toHaveLength(1);
    expect(result.failovers[0]!.recoveredUs!).toBeLessThan(0.1 * SECOND);
    expect(result.events.map((event) => event.event)).toContain('transfer-started');
  });

  test('restart: stopped in good order, started again at the end', () => {
    const result = run({ faults: [one({ kind: 'restart', target: node('m3') })] });
    expect(told(result, 'm3').map(([event]) => event)).toEqual(['node-down', 'node-up']);
  });

  test('isolate: the leader is cut off and, with CheckQuorum, steps down within two election timeouts', () => {
    const result = run({ faults: [one({ kind: 'isolate', target: leaderOf('etcd') })] });
    const stepDown = result.events.find((event) => event.event === 'step-down')!;
    expect(stepDown.node).toBe(result.failovers[0]!.oldLeader);
    expect(stepDown.timeUs - 10 * SECOND).toBeGreaterThan(0.9 * SECOND);
    expect(stepDown.timeUs - 10 * SECOND).toBeLessThanOrEqual(2.1 * SECOND);
  });

  test('cut one way: nothing gets through in that direction, and the other stalls with it on TCP', () => {
    const target = {
      from: leaderOf('etcd'),
      to: { kind: 'followers', system: 'etcd' },
      direction: 'one-way',
    } as const;
    expect(run({ faults: [one({ kind: 'cut', ...target })] }).failovers[0]!.lostAtUs).toBe(10 * SECOND);
  });

  test('partition: only the side with a quorum serves', () => {
    const groups = [{ kind: 'union', of: [node('m1'), node('m2')] } as const];
    const result = run({ zones: [1, 1, 1, 1, 1], faults: [one({ kind: 'partition', groups })] });
    const served = (vantage: string) =>
      result.availability.find(
        (i) =>
          i.vantage === vantage && i.operation === 'write' && i.fromUs <= 15 * SECOND && i.toUs > 15 * SECOND,
      )!.state;
    expect([served('r/d/a'), served('r/d/b'), served('r/d/c'), served('r/d/d')]).toEqual([
      'down',
      'down',
      'up',
      'up',
    ]);
  });

  test('delay: past the election timeout it costs the leader, below the heartbeat it costs nothing', () => {
    const delay = (addUs: number, shape: 'square' | 'triangle' = 'square') =>
      run({
        faults: [
          one({
            kind: 'delay',
            from: all,
            to: all,
            direction: 'both',
            addUs,
            jitterUs: 0,
            multiply: 1,
            shape,
          }),
        ],
      });
    expect(delay(50_000).failovers).toHaveLength(0);
    expect(delay(3 * SECOND).events.some((event) => event.event === 'campaign')).toBe(true);
  });

  test('a delay that jumps starves the followers, one that grows slowly only stretches the heartbeats', () => {
    const campaigns = (shape: 'square' | 'ramp' | 'triangle' | 'decay') => {
      const effect: FaultEffect = {
        kind: 'delay',
        from: all,
        to: all,
        direction: 'both',
        addUs: 4 * SECOND,
        jitterUs: 0,
        multiply: 1,
        shape,
      };
      const { events } = run({ seconds: 120, faults: [one(effect, { duration: constant(80 * SECOND) })] });
      return events.filter(({ event, timeUs }) => event === 'campaign' && timeUs < 89 * SECOND).length;
    };
    expect(campaigns('square')).toBeGreaterThan(0);
    expect(campaigns('decay')).toBeGreaterThan(0);
    expect([campaigns('ramp'), campaigns('triangle')]).toEqual([0, 0]);
  });

  test('loss: everything lost is a cut', () => {
    const effect: FaultEffect = {
      kind: 'loss',
      share: 1,
      from: leaderOf('etcd'),
      to: all,
      direction: 'both',
    };
    expect(run({ faults: [one(effect)] }).failovers[0]!.lostAtUs).toBe(10 * SECOND);
  });

  test('bandwidth: a link that carries a message in a second delays every heartbeat by it', () => {
    const effect: FaultEffect = {
      kind: 'bandwidth',
      bitsPerSecond: 960,
      from: all,
      to: all,
      direction: 'both',
    };
    expect(run({ faults: [one(effect)] }).faults[0]!.hadEffect).toBe(true);
  });

  test('slow-disk, stuck: a leader whose disk never answers an election is not heard of again until it does', () => {
    const result = run({
      faults: [
        one({ kind: 'slow-disk', target: node('m1'), fsyncUs: null }),
        one({ kind: 'kill', target: leaderOf('etcd') }, { start: { kind: 'at', atUs: 12 * SECOND } }),
      ],
    });
    expect(result.faults[0]!.hadEffect).toBe(true);
  });

  test('slow-disk, stuck: users write all the time, so a leader that cannot store what they write is replaced', () => {
    const result = run({ faults: [one({ kind: 'slow-disk', target: leaderOf('etcd'), fsyncUs: null })] });
    expect(result.failovers).toHaveLength(1);
    expect(result.failovers[0]!.recoveredUs!).toBeLessThan(6 * SECOND);
  });

  test('slow-disk: whoever is blocked by each write for longer than the others wait for it is deposed, where users write', () => {
    const slow = (seconds: number, parameters: object) =>
      run({
        systems: [['etcd', 'etcd-3.4', parameters]],
        faults: [one({ kind: 'slow-disk', target: leaderOf('etcd'), fsyncUs: constant(seconds * SECOND) })],
      });
    const writes = { writeEveryUs: 0.1 * SECOND };
    expect(slow(4, writes).failovers.length).toBeGreaterThan(0);
    expect(slow(0.3, writes).failovers).toHaveLength(0);
    expect(slow(4, {}).failovers).toHaveLength(0);
  });

  test('slow-disk, stuck: without a majority of disks nothing is written', () => {
    const result = run({ faults: [one({ kind: 'slow-disk', target: all, fsyncUs: null })] });
    const writes = result.availability.filter(({ operation }) => operation === 'write');
    const down = writes.filter(({ state, fromUs }) => state === 'down' && fromUs === 10 * SECOND);
    expect(down.length).toBeGreaterThan(0);
    expect(down.every(({ toUs }) => toUs > 20 * SECOND)).toBe(true);
  });

  test('clock-skew: a follower whose clock runs twice as fast campaigns against a leader it hears in time', () => {
    const skew = (driftPpm: number) =>
      run({ seconds: 60, faults: [one({ kind: 'clock-skew', target: node('m2'), driftPpm, offsetUs: 0 })] });
    expect(skew(100).events.filter((event) => event.event === 'campaign')).toEqual([]);
    const step = run({
      faults: [one({ kind: 'clock-skew', target: node('m2'), driftPpm: 0, offsetUs: SECOND })],
    });
    expect(step.faults[0]).toMatchObject({ hadEffect: false });
    expect(step.faults[0]!.note).toMatch(/monotonic/);
  });
});

describe('when a fault happens', () => {
  const kill = (target: string): FaultEffect => ({ kind: 'kill', target: node(target) });
  const begins = (result: Run) =>
    result.faults.map((fault) => [fault.index, fault.fromUs / SECOND, fault.toUs && fault.toUs / SECOND]);

  test('after another begins or ends, and so on down the chain', () => {
    const result = run({
      faults: [
        one(kill('m1'), { duration: constant(5 * SECOND) }),
        one(kill('m2'), {
          start: { kind: 'after', fault: 0, edge: 'end', delayUs: 2 * SECOND },
          duration: constant(SECOND),
        }),
        one(kill('m3'), { start: { kind: 'after', fault: 1, edge: 'start', delayUs: 0 }, duration: null }),
      ],
    });
    expect(begins(result)).toEqual([
      [0, 10, 15],
      [1, 17, 18],
      [2, 17, null],
    ]);
    expect(result.events.find((event) => event.id === result.faults[1]!.event)!.cause).toBeGreaterThan(0);
  });

  test('repeated: so many times, each a period after the one before', () => {
    const result = run({
      faults: [one(kill('m1'), { duration: constant(SECOND), repeat: { periodUs: 7 * SECOND, times: 3 } })],
    });
    expect(begins(result).map(([, from]) => from)).toEqual([10, 17, 24]);
  });

  test('by chance: the waits have the stated mean and begin when the repair has ended', () => {
    const result = run({
      seconds: 200_000,
      systems: [['raft', 'deck-2017']],
      faults: [
        {
          start: { kind: 'every', interval: { kind: 'exponential', mean: 900 * SECOND } },
          duration: constant(100 * SECOND),
          effect: kill('m1'),
        },
      ],
    });
    expect(result.faults.length).toBeGreaterThan(170);
    expect(result.faults.length).toBeLessThan(230);
    result.faults.slice(1).forEach((fault, i) => {
      expect(fault.fromUs).toBeGreaterThan(result.faults[i]!.toUs!);
    });
  });

  test('any: as many as asked for, another draw each time', () => {
    const target = { kind: 'any', count: 2, of: all } as const;
    const result = run({
      zones: [3, 3],
      seconds: 300,
      faults: [
        one(
          { kind: 'kill', target },
          { duration: constant(SECOND), repeat: { periodUs: 10 * SECOND, times: 20 } },
        ),
      ],
    });
    expect(result.faults.every((fault) => fault.nodes.length === 2)).toBe(true);
    expect(new Set(result.faults.map((fault) => fault.nodes.join())).size).toBeGreaterThan(4);
    expect(result.faults[0]!.title).toContain(result.faults[0]!.nodes.join(', '));
  });
});

test('any: who is cut off from everything else is cut off from all others, and named alone', () => {
  for (const effect of [
    { kind: 'isolate', target: { kind: 'any', count: 1, of: all } },
    {
      kind: 'cut',
      from: { kind: 'any', count: 1, of: all },
      to: { kind: 'not', of: { kind: 'any', count: 1, of: all } },
      direction: 'both',
    },
  ] as const) {
    const result = run({
      seconds: 300,
      faults: [one(effect, { duration: constant(5 * SECOND), repeat: { periodUs: 10 * SECOND, times: 20 } })],
    });
    for (const fault of result.faults) {
      expect(fault.nodes.toSorted()).toEqual(['m1', 'm2', 'm3']);
      expect(fault.hadEffect).toBe(true);
      expect(fault.title).toMatch(/: m\d$/);
    }
    expect(new Set(result.faults.map((fault) => fault.title)).size).toBe(3);
  }
});

test('a fault that changes nothing is reported as such, with the reason', () => {
  const result = run({
    faults: [
      one({ kind: 'kill', target: node('m1') }),
      one(
        { kind: 'kill', target: node('m1') },
        { start: { kind: 'at', atUs: 12 * SECOND }, duration: constant(SECOND) },
      ),
      one({ kind: 'cut', from: node('m1'), to: node('m1'), direction: 'both' }),
    ],
  });
  expect(result.faults.map((fault) => fault.hadEffect)).toEqual([true, false, false]);
  expect(result.faults.find((fault) => fault.index === 1)!.note).toMatch(/already/);
});

test('overlapping outages: a node is up only when the last of them is over', () => {
  const result = run({
    faults: [
      one({ kind: 'zone-outage', place: 'r/d/b' }),
      one(
        { kind: 'kill', target: node('m2') },
        { start: { kind: 'at', atUs: 15 * SECOND }, duration: constant(30 * SECOND) },
      ),
    ],
  });
  expect(told(result, 'm2')).toEqual([
    ['node-down', 10],
    ['node-up', 45],
  ]);
  // It was the kill alone that kept it down from 30 s on.
  expect(result.faults.map(({ hadEffect }) => hadEffect)).toEqual([true, true]);
});

test.each([
  ['within another', 15, 5],
  ['ending with another', 15, 15],
])('an outage %s changes nothing', (_how, atS, seconds) => {
  const result = run({
    faults: [
      one({ kind: 'power-loss', target: node('m2') }),
      one(
        { kind: 'kill', target: node('m2') },
        { start: { kind: 'at', atUs: atS * SECOND }, duration: constant(seconds * SECOND) },
      ),
    ],
  });
  expect(result.faults.map(({ hadEffect }) => hadEffect)).toEqual([true, false]);
});

test('the outage of a place where only users are left has an effect: they are dark', () => {
  const result = run({
    faults: [
      one({ kind: 'power-loss', target: node('m2') }, { duration: constant(40 * SECOND) }),
      one({ kind: 'zone-outage', place: 'r/d/b' }, { start: { kind: 'at', atUs: 15 * SECOND } }),
    ],
  });
  expect(result.faults.map(({ hadEffect }) => hadEffect)).toEqual([true, true]);
});

test('a frozen process that is killed is another one when it comes back, and not frozen', () => {
  const result = run({
    faults: [
      one({ kind: 'pause', target: node('m2') }),
      one(
        { kind: 'kill', target: node('m2') },
        { start: { kind: 'at', atUs: 15 * SECOND }, duration: constant(5 * SECOND) },
      ),
    ],
  });
  expect(told(result, 'm2')).toEqual([
    ['node-paused', 10],
    ['node-down', 15],
    ['node-up', 20],
  ]);
  const last = result.members.filter((member) => member.node === 'm2' && member.fromUs >= 21 * SECOND);
  expect(last.map(({ state }) => state)).not.toContain('paused');
});

test('a pause of a node that does not run changes nothing, also when the node comes back meanwhile', () => {
  const result = run({
    faults: [
      one({ kind: 'kill', target: node('m2') }, { duration: constant(10 * SECOND) }),
      one({ kind: 'pause', target: node('m2') }, { start: { kind: 'at', atUs: 15 * SECOND } }),
    ],
  });
  expect(result.faults.map(({ hadEffect }) => hadEffect)).toEqual([true, false]);
  expect(states(result, 'm2')).not.toContain('paused');
});
