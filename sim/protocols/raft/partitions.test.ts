// facts/conformance.md B: partitions and duels, and paper mode beside it.
import { describe, expect, test } from 'vitest';
import type { Observation } from './observer.ts';
import { type GroupOptions, group, linesOf, play, states } from './testing/group.ts';

const PV = { preVote: true };
const CQ = { checkQuorum: true };
const PVCQ = { preVote: true, checkQuorum: true };

const B1 = 'cut 1-3; campaign 1; campaign 3; heal; campaign 3';
const B6 = 'campaign 1; isolate 3; propose 1; propose 1; propose 1; campaign 3; campaign 3; heal; campaign 3';

describe('scenarios', () => {
  test.each<[string, GroupOptions, string]>([
    [
      'B1 dueling candidates',
      {},
      `cut 1-3; campaign 1; campaign 3 => L1 F1 C1
       heal; campaign 3 => F2 F2 F2 | last 1 1 0`,
    ],
    ['B2 with pre-vote', PV, `${B1} => L1 F1 F1 | last 1 1 0`],
    ['B2 with both', PVCQ, `${B1} => L1 F1 P1 | last 1 1 0`],
    ['B3 with check-quorum', CQ, `${B1} => L1 F1 C2 | last 1 1 0`],
    [
      'B4 concede',
      {},
      `isolate 1; campaign 1; campaign 3 => C1 F1 L1
       heal; heartbeat 3; propose 3; heartbeat 3 => F1 F1 L1 | lead 3 3 3 | last 2 2 2 | commit 2 2 2`,
    ],
    [
      'B5 a candidate that was away follows an append or a heartbeat',
      { startTerm: 1 },
      `isolate 3; campaign 2; campaign 1 => L3 F3 F1
       campaign 3; campaign 3 => L3 F3 C3
       heal; heartbeat 1 => L3 F3 F3 | lead 1 1 1 | last 2 2 2`,
    ],
    ['B6 behind and back', { startTerm: 1 }, `${B6} => F5 F5 F5 | lead 0 0 0 | last 4 4 1`],
    [
      'B7 with check-quorum',
      { startTerm: 1, ...CQ },
      `${B6} => L2 F2 C5
       heartbeat 1 => F5 F2 C5`,
    ],
    [
      'B8 with both',
      { startTerm: 1, ...PVCQ },
      `${B6} => L2 F2 P2
       heartbeat 1 => L2 F2 F2 | last 4 4 4 | commit 4 4 4`,
    ],
    [
      'B8 with pre-vote',
      { startTerm: 1, ...PV },
      `${B6} => L2 F2 F2 | lead 1 1 0
       heartbeat 1 => L2 F2 F2 | lead 1 1 1 | commit 4 4 4`,
    ],
    [
      'B10 split vote after pre-votes',
      { startTerm: 1, ...PV },
      `campaign 1; isolate 1; campaign 2 3 => L2 C3 C3
       campaign 2 => L2 L4 F4`,
    ],
    [
      'B14 a pre-vote for a short log is refused',
      PV,
      `campaign 1; cut 1-3; propose 1; heal; campaign 3 => L1 F1 F1 | lead 1 1 0 | last 2 2 1`,
    ],
    ['B15 pre-vote alone ignores a live leader', PV, 'campaign 1; campaign 2 => F2 L2 F2'],
  ])('%s', (_, options, scenario) => {
    expect(play(group(options), scenario)).toBe(linesOf(scenario).join('\n'));
  });
});

describe('B12, B13 pre-vote comes to a node that is ahead in term and behind in log', () => {
  /** 1 leads term 2, 3 was alone and is a candidate of term 4 with a shorter log; now all have pre-vote. */
  function upgraded() {
    const old = group({ startTerm: 1 });
    play(old, 'campaign 1; isolate 3; propose 1; campaign 3; campaign 3');
    expect(states(old)).toBe('L2 F2 C4');
    for (const node of old.nodes.values()) (node as { preVote: boolean }).preVote = true;
    old.heal();
    return old;
  }

  test('B12 the leader is gone: the one with the longer log wins in the end', () => {
    const net = upgraded();
    net.isolate(1);
    play(net, 'campaign 3; campaign 2');
    expect(states(net)).toMatch(/F\d+ P4|F4 [PF]4/);
    play(net, 'campaign 3; campaign 2');
    expect(net.node(2).state === 'Leader' || net.node(3).state === 'Follower').toBe(true);
  });

  test('B13 the leader lives: its heartbeat is answered with the higher term', () => {
    const net = upgraded();
    play(net, 'campaign 3; campaign 3');
    expect(states(net)).toBe('L2 F2 P4');
    play(net, 'heartbeat 1 3');
    expect([net.node(1).state, net.node(1).term]).toEqual(['Follower', 4]);
  });
});

/**
 * Leader changes in `seconds` of ticks (E = 10 x 100 ms, phases spread) with the given links cut from the start on.
 * Counts leaders after the first.
 */
function livelock(
  options: GroupOptions,
  lead: number,
  cuts: readonly [number, number][],
  ticks: number,
): number {
  let leaders = 0;
  const observer = (o: Observation) => {
    if (o.kind === 'role' && o.role === 'Leader') leaders++;
  };
  let draw = 0;
  const net = group({ ...options, drawTimeout: (spread) => (draw += 7) % spread, observer });
  net.run(lead, (node) => node.campaign());
  for (const [a, b] of cuts) net.cut(a, b);
  for (let tick = 0; tick < ticks; tick++) {
    for (const id of net.nodes.keys()) net.run(id, (node) => node.tick());
  }
  return leaders - 1;
}

describe('livelocks of published incidents', () => {
  /** Mesh {1,2,3}; 4 reaches only 2, 5 only 3; 3 leads. */
  const howardAbraham: [number, number][] = [
    [1, 4],
    [3, 4],
    [1, 5],
    [2, 5],
    [4, 5],
  ];
  const cloudflare: [number, number][] = [[1, 3]];

  test.each<[string, GroupOptions]>([
    ['paper', { mode: 'paper' }],
    ['etcd', {}],
  ])('B16 %s: the leader keeps changing', (_, options) => {
    expect(livelock({ n: 5, ...options }, 3, howardAbraham, 600)).toBeGreaterThan(5);
  });

  test.each([PV, CQ, PVCQ])('B16 with %j: never', (options) => {
    expect(livelock({ n: 5, ...options }, 3, howardAbraham, 600)).toBe(0);
  });

  test('Cloudflare 2020 (incidents.md 1): the paper changes leaders for as long as the link is down', () => {
    expect(livelock({ mode: 'paper' }, 3, cloudflare, 600)).toBeGreaterThan(0);
    expect(livelock(CQ, 3, cloudflare, 600)).toBe(0);
    expect(livelock(PVCQ, 3, cloudflare, 600)).toBe(0);
  });
});
