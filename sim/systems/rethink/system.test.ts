// The store in the world: detection, fail-over, what users get meanwhile (facts/consensus.md 3.4, 3.5, 3.19-3.26).
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../../scenarios/index.ts';
import { SECOND } from '../../kernel/time.ts';
import { simulate } from '../../simulate.ts';
import { Store } from './testing.ts';

const seeds = Array.from({ length: 40 }, (_, i) => i);

describe('in peace', () => {
  test('the first member is primary, and every zone reads and writes', () => {
    for (const servers of [1, 2, 3, 5, 7]) {
      const store = new Store({ servers });
      expect(store.status).toMatchObject({
        state: 'serving',
        leader: 'm1',
        voters: servers,
        reachable: servers,
      });
      for (const zone of 'abc') {
        expect([store.access('write', zone), store.access('read', zone)]).toEqual(['served', 'served']);
      }
    }
  });

  test('nothing needs an event: an hour costs none, but heartbeats are counted', () => {
    const store = new Store();
    const before = store.kernel.eventCount;
    store.at(3600);
    expect(store.kernel.eventCount).toBe(before);
    const sent = store.system.traffic.reduce((sum, row) => sum + row.messages, 0);
    // Six directions, one each 2 s.
    expect(sent).toBeGreaterThanOrEqual(6 * 1800 - 6);
    expect(sent).toBeLessThanOrEqual(6 * 1800 + 6);
    expect(store.events.length).toBe(1);
  });

  test('lost heartbeats are counted, and delay nothing that matters', () => {
    const store = new Store();
    const before = store.kernel.eventCount;
    store.effect(['m1', 'm2', 'm3'], ['m1', 'm2', 'm3'], { loss: 0.01 });
    store.at(36_000);
    const lost = store.system.traffic.reduce((sum, row) => sum + row.lost, 0);
    expect(lost / (6 * 18_000)).toBeGreaterThan(0.008);
    expect(lost / (6 * 18_000)).toBeLessThan(0.012);
    expect(store.kernel.eventCount - before).toBeLessThan(5);
    expect(store.status.leader).toBe('m1');
  });

  test('a loss that begins while a process is frozen is that of its heartbeats too', () => {
    const store = new Store();
    store.at(10).hold('pause', 'm2');
    store.at(12);
    store.effect(['m2'], ['m1', 'm3'], { loss: 0.05 });
    store.at(15).release('pause', 'm2');
    store.at(40_015);
    const lost = store.system.traffic.reduce((sum, row) => sum + row.lost, 0);
    expect(lost / (2 * 20_000)).toBeGreaterThan(0.045);
    expect(lost / (2 * 20_000)).toBeLessThan(0.055);
  });

  test('half of all packets lost breaks a connection now and then', () => {
    const store = new Store();
    store.effect(['m1', 'm2', 'm3'], ['m1', 'm2', 'm3'], { loss: 0.5 });
    store.at(3600);
    const lost = store.events.filter((one) => one.event === 'connection-lost').length;
    // 0.5^7 of 10 800 heartbeats, two ends each.
    expect(lost).toBeGreaterThan(40);
    expect(lost).toBeLessThan(400);
  });

  test('the same seed gives the same trace, another one another', () => {
    const run = (seed: number) => {
      const store = new Store({ seed });
      store.at(10).hold('power', 'm1');
      store.at(120);
      return JSON.stringify(store.events);
    };
    expect(run(5)).toBe(run(5));
    expect(run(5)).not.toBe(run(6));
  });
});

describe('a killed primary', () => {
  test('is replaced within a second or three: contract rounds, and Raft if it led that (3.26)', () => {
    let ledToo = 0;
    for (const seed of seeds) {
      const store = new Store({ seed });
      store.at(10);
      const detail = store.events[0]!.detail;
      const led = detail.includes('m1 is the Raft leader');
      store.hold('process', 'm1');
      store.at(60);
      const tookS = store.when('serving', 'm3', 1) - 10;
      if (led) {
        ledToo++;
        expect(tookS).toBeGreaterThan(1.6);
        // A first attempt may be refused or split.
        expect(tookS).toBeLessThan(12);
      } else {
        expect(tookS).toBeGreaterThan(0.59);
        expect(tookS).toBeLessThan(0.8);
      }
    }
    expect(ledToo).toBeGreaterThan(4);
    expect(ledToo).toBeLessThan(36);
  });

  test('the chain of causes goes from the new primary to the fault', () => {
    const store = new Store();
    store.at(10).hold('process', 'm1');
    store.at(60);
    const chain = store.chain('serving');
    expect(chain.slice(0, 3)).toEqual(['primary-ready', 'primary-elected', 'primary-removed']);
    expect(chain.slice(-3)).toEqual(['connection-lost', 'node-down', 'fault-process']);
  });

  test('observers hear campaign, election and recovery in this order', () => {
    const store = new Store();
    store.at(10).hold('process', 'm1');
    store.at(60);
    const told = store.told.filter((one) => one.atUs >= 10 * SECOND).map((one) => one.what);
    expect(told.indexOf('no-leader')).toBe(0);
    expect(told.indexOf('campaign')).toBeGreaterThan(0);
    expect(told.indexOf('elected')).toBeGreaterThan(told.indexOf('campaign'));
    expect(told.indexOf('serving')).toBeGreaterThan(told.indexOf('elected'));
  });

  test('takes over again when it is back, and writes are refused for about a second', () => {
    const store = new Store();
    store.at(10).hold('process', 'm1');
    store.at(60).release('process', 'm1');
    store.at(120);
    expect(store.status.leader).toBe('m1');
    const lostAt = store.when('no-leader', undefined, 60 * SECOND);
    const backAt = store.when('serving', 'm1', 60 * SECOND);
    expect(backAt - lostAt).toBeGreaterThan(0.5);
    expect(backAt - lostAt).toBeLessThan(1.5);
    expect(backAt).toBeLessThan(63);
    expect(store.events.some((one) => one.event === 'hand-over')).toBe(true);
    const chain = store.chain('hand-over');
    expect(chain.slice(-3)).toEqual(['connected', 'node-up', 'fault-process-over']);
  });
});

describe('a primary whose machine goes dark', () => {
  test('is noticed 14 to 16 s later, by both others, and replaced soon after (3.4, 3.26)', () => {
    const noticed: number[] = [];
    const recovered: number[] = [];
    for (const seed of seeds) {
      const store = new Store({ seed });
      store.at(10 + seed * 0.137);
      const fromS = store.kernel.nowUs / SECOND;
      store.hold('power', 'm1');
      store.at(90);
      for (const one of store.events) {
        if (one.event === 'connection-lost' && one.timeUs < 40 * SECOND)
          noticed.push(one.timeUs / SECOND - fromS);
      }
      recovered.push(store.when('serving', 'm3', 1) - fromS);
    }
    expect(noticed.length).toBe(2 * seeds.length);
    expect(Math.min(...noticed)).toBeGreaterThanOrEqual(14);
    expect(Math.max(...noticed)).toBeLessThanOrEqual(16);
    // Uniform over the two seconds.
    const mean = noticed.reduce((a, b) => a + b) / noticed.length;
    expect(mean).toBeGreaterThan(14.7);
    expect(mean).toBeLessThan(15.3);
    expect(Math.min(...recovered)).toBeGreaterThan(14.5);
    expect(Math.max(...recovered)).toBeLessThan(30);
  });

  test('another time-out moves that in proportion', () => {
    const store = new Store({ parameters: { heartbeatTimeoutUs: 2 * SECOND } });
    store.at(10).hold('power', 'm1');
    store.at(30);
    const lost = store.events.find((one) => one.event === 'connection-lost')!;
    expect(lost.timeUs / SECOND - 10).toBeGreaterThanOrEqual(2.8);
    expect(lost.timeUs / SECOND - 10).toBeLessThanOrEqual(3.2);
  });

  test('says how long it was silent', () => {
    const store = new Store();
    store.at(10).hold('power', 'm1');
    store.at(30);
    const lost = store.events.find((one) => one.event === 'connection-lost')!;
    expect(lost.detail).toMatch(/^lost the connection to m1: silent for 1[45]\.\d s$/);
  });
});

describe('a frozen primary', () => {
  test('for less than 14 s costs its own pause and nothing more', () => {
    const store = new Store();
    store.at(10).hold('pause', 'm1');
    expect(store.at(11).status.state).toBe('no-leader');
    store.at(22).release('pause', 'm1');
    store.at(90);
    expect(store.status.leader).toBe('m1');
    expect(store.events.some((one) => one.event === 'connection-lost')).toBe(false);
    expect(store.when('serving', 'm1', SECOND)).toBe(22);
  });

  test('for longer is replaced, and takes over again when it goes on', () => {
    const store = new Store();
    store.at(10).hold('pause', 'm1');
    store.at(60);
    expect(store.status.leader).toBe('m3');
    store.release('pause', 'm1');
    store.at(120);
    expect(store.status.leader).toBe('m1');
  });
});

describe('a partition', () => {
  test('of the primary alone: the others go on without it, and single reads there are not stale for long', () => {
    const store = new Store();
    store.at(10);
    const heal = store.cut(['m1', 'user-a'], ['m2', 'm3', 'user-b', 'user-c']);
    // Nobody has noticed: the old primary still answers reads, but writes are stored nowhere else.
    expect([store.at(12).access('read', 'a'), store.access('write', 'a')]).toEqual(['served', 'fails']);
    expect(store.access('read', 'b')).toBe('fails, stale');
    store.at(60);
    expect([store.access('read', 'a'), store.access('write', 'a')]).toEqual(['fails, stale', 'fails']);
    expect([store.access('read', 'b'), store.access('write', 'b')]).toEqual(['served', 'served']);
    expect(store.status.leader).toBe('m3');
    heal();
    store.at(300);
    expect(store.status.leader).toBe('m1');
  });

  test('shorter than 14 s costs the cut and nothing more', () => {
    const store = new Store();
    store.at(10);
    const heal = store.cut(['m1'], ['m2', 'm3']);
    store.at(20);
    heal();
    store.at(60);
    expect(store.events.filter((one) => one.event === 'campaign')).toEqual([]);
    expect(store.status.leader).toBe('m1');
  });

  test('one-way stops the connection both ways: acknowledgements are lost', () => {
    const store = new Store();
    store.at(10).effect(['m1'], ['m2', 'm3'], { cut: true });
    store.at(60);
    expect(store.status.leader).toBe('m3');
  });

  test('reconnection waits for the next SYN of up to 64 s apart, as users saw (rethinkdb#5891)', () => {
    const store = new Store();
    store.at(10);
    const heal = store.cut(['m1'], ['m2', 'm3']);
    store.at(100);
    heal();
    store.at(400);
    const connected = store.events.find((one) => one.event === 'connected')!;
    expect(connected.timeUs / SECOND).toBeGreaterThan(102);
    expect(connected.timeUs / SECOND).toBeLessThan(165);
  });
});

describe('without a majority', () => {
  test('nothing is written, reads end when the loss is noticed, outdated ones stay', () => {
    const store = new Store();
    store.at(10).hold('power', 'm2');
    store.hold('power', 'm3');
    store.at(11);
    expect([store.access('write', 'a'), store.access('read', 'a')]).toEqual(['fails', 'served']);
    store.at(40);
    expect([store.access('write', 'a'), store.access('read', 'a')]).toEqual(['fails', 'fails, stale']);
    expect(store.status.state).toBe('no-quorum');
    store.release('power', 'm2');
    store.at(120);
    expect(store.access('write', 'a')).toBe('served');
  });

  test('two servers never fail over (3.19)', () => {
    for (const gone of ['m1', 'm2']) {
      for (const kind of ['process', 'power'] as const) {
        const store = new Store({ servers: 2 });
        store.at(10).hold(kind, gone);
        store.at(3600);
        expect(store.status.state).toBe('no-quorum');
        expect(store.told.some((one) => one.what === 'elected')).toBe(false);
        store.release(kind, gone);
        store.at(3800);
        expect(store.status).toMatchObject({ state: 'serving', leader: 'm1' });
      }
    }
  });

  test('a lonely candidate does not flood the trace, but every campaign counts', () => {
    const store = new Store();
    store.at(10).hold('power', 'm2');
    store.hold('power', 'm3');
    store.at(36_000);
    const told = store.events.filter((one) => one.event === 'campaign' && one.node === 'm1').length;
    // It may have led Raft, and then it does not campaign.
    if (store.system.groups[0]!.counts.campaigns === 0) expect(told).toBe(0);
    else {
      expect(store.system.groups[0]!.counts.campaigns).toBeGreaterThan(1000);
      expect(told).toBeLessThan(30);
    }
  });
});

describe('a latency spike between the primary and the others', () => {
  test('of 10 s added is survived, of 20 s is not: the deck says 10 s, the product gives up after 14 to 16', () => {
    for (const [addS, survives] of [
      [10, true],
      [20, false],
    ] as const) {
      const store = new Store();
      store.at(10);
      for (const [from, to] of [
        [['m1'], ['m2', 'm3']],
        [['m2', 'm3'], ['m1']],
      ] as const) {
        store.effect(from, to, { addUs: addS * SECOND });
      }
      store.at(60);
      expect(store.events.some((one) => one.event === 'connection-lost')).toBe(!survives);
    }
  });
});

describe('a stalled disk', () => {
  test('of the primary stops writes, not reads; nobody fails over', () => {
    const store = new Store();
    store.at(10).hold('disk', 'm1');
    store.at(60);
    expect([store.access('write', 'b'), store.access('read', 'b')]).toEqual(['fails', 'served']);
    expect(store.events.some((one) => one.event === 'campaign')).toBe(false);
    store.release('disk', 'm1');
    store.at(61);
    expect(store.access('write', 'b')).toBe('served');
  });

  test('of one secondary stops nothing', () => {
    const store = new Store();
    store.at(10).hold('disk', 'm2');
    store.at(60);
    expect(store.access('write', 'b')).toBe('served');
  });
});

test('a store of one server runs from the first instant on, without a warm-up', () => {
  const { scenario } = loadScenario(`
version: 1
topology: { dc: { zones: [a] } }
nodes: { manager: { count: 1 } }
systems: { rethink: { members: manager } }
timeline: [{ at: 1s, kill: manager-1, for: 20s }]
run: { duration: 1m, warm-up: 0s }
`);
  expect(simulate(scenario).groups.map(({ state }) => state)).toContain('serving');
});

test('non-voting replicas neither count nor take over', () => {
  const store = new Store({ servers: 3, learners: 3 });
  store.at(10);
  for (const node of ['m4', 'm5', 'm6']) store.hold('process', node);
  store.at(60);
  expect(store.status).toMatchObject({ state: 'serving', leader: 'm1', reachable: 3 });
  for (const node of ['m1', 'm2']) store.hold('process', node);
  for (const node of ['m4', 'm5', 'm6']) store.release('process', node);
  store.at(120);
  expect(store.status.state).toBe('no-quorum');
});

test('members show what they are', () => {
  const store = new Store({ servers: 3, learners: 1 });
  const states = () =>
    ['m1', 'm2', 'm3', 'm4'].map((node) => store.system.groups[0]!.memberStatus(node).state);
  expect(states()).toEqual(['primary', 'secondary', 'secondary', 'learner']);
  store.at(10).hold('process', 'm1');
  store.hold('pause', 'm4');
  store.at(12.5);
  expect(states()[0]).toBe('down');
  expect(states()[3]).toBe('paused');
  store.at(60);
  expect(states()).toEqual(['down', 'secondary', 'primary', 'paused']);
});

test('says what users lose, by whose store it is', () => {
  expect(new Store({ role: 'manager' }).system.impact[0]).toMatch(/^UCP operations/);
  expect(new Store({ role: 'dtr' }).system.impact[0]).toMatch(/^DTR operations/);
});
