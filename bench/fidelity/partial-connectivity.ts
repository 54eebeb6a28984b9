/**
 * Partial connectivity: leader changes, share of writes served and the longest gap while some links are down, for all four
 * settings of PreVote and CheckQuorum. Source: facts/conformance.md G, executed on etcd-io/raft: E = 10 x 100 ms, 0.5 ms
 * links, fault at t = 0, 60 s, 100 trials, a write every 50 ms that succeeds when it is committed within 0.5 s; medians.
 * Not said there: where the writes go (here to the leader of the highest term, as a client that knows it would) and fsync (here none).
 */
import { constant } from '../../sim/kernel/distribution.ts';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { MILLISECOND, SECOND } from '../../sim/kernel/time.ts';
import type { Member } from '../../sim/systems/raft/member.ts';
import type { RaftParameters } from '../../sim/systems/raft/parameters.ts';
import type { Comparison } from './comparison.ts';
import { type FigureCheck, judgeFigures, medianError } from './judge.ts';
import { RaftHost } from './raft-host.ts';
import { quantile, sorted } from './statistics.ts';
import { suite } from './suite.ts';

const SOURCE = 'facts/conformance.md G: etcd-io/raft, partial connectivity';
const MEASURED = 100;
const PROBE_US = 50 * MILLISECOND;
const DEADLINE_US = 500 * MILLISECOND;
const WATCHED_US = 60 * SECOND;

export const SETTINGS = {
  plain: { preVote: false, checkQuorum: false },
  'check-quorum': { preVote: false, checkQuorum: true },
  'pre-vote': { preVote: true, checkQuorum: false },
  both: { preVote: true, checkQuorum: true },
} as const;
export type Setting = keyof typeof SETTINGS;

/** What is broken at t = 0; may run the model on a little to prepare. `rest` are the followers. */
type Breakage = (host: RaftHost, leader: Member, rest: readonly Member[]) => void;

export interface Topology {
  readonly members: number;
  readonly breakage: Breakage;
}

export const TOPOLOGIES: Readonly<Record<string, Topology>> = {
  /** Leader - A - X: the leader and X do not hear each other. */
  chain: { members: 3, breakage: (host, leader, [, x]) => void host.cutBetween(leader, x!) },
  /** Omni-Paxos' quorum-loss: only the links of one follower stay. */
  star: { members: 5, breakage: (host, _leader, [centre]) => starAround(host, centre!) },
  /** Omni-Paxos' constrained election: the leader is alone, and the centre of the star lacks an entry that two others have. */
  constrained: { members: 5, breakage: constrained },
  /** Howard and Abraham's first example: mesh of leader, A, B; one more hangs on A alone, one on B alone. */
  'two-tails': { members: 5, breakage: twoTails },
  /** What the leader sends to X is lost, the other direction works. */
  'one-way': { members: 3, breakage: (host, leader, [, x]) => void host.cut([leader], [x!]) },
  /** A follower is alone for ten seconds. */
  rejoin: { members: 3, breakage: rejoin },
  /** Two and two. */
  'split-2-2': { members: 4, breakage: halves },
};

export function starAround(host: RaftHost, centre: Member): void {
  const tips = host.members.filter((member) => member !== centre);
  for (const tip of tips)
    host.cut(
      [tip],
      tips.filter((other) => other !== tip),
    );
}

function constrained(host: RaftHost, leader: Member, [a, b, d, e]: readonly Member[]): void {
  const heal = host.cut([leader], [a!, d!]);
  leader.raft.propose('only on the leader, B and E');
  leader.drain();
  host.advance(5 * MILLISECOND);
  if (b!.raft.lastIndex === a!.raft.lastIndex || e!.raft.lastIndex !== leader.raft.lastIndex) {
    throw new Error('the logs were to differ');
  }
  heal();
  host.isolate(leader);
  starAround(host, a!);
}

function twoTails(host: RaftHost, leader: Member, [a, b, tailOfA, tailOfB]: readonly Member[]): void {
  for (const other of [leader, b!, tailOfB!]) host.cutBetween(tailOfA!, other);
  for (const other of [leader, a!]) host.cutBetween(tailOfB!, other);
}

function rejoin(host: RaftHost, _leader: Member, [x]: readonly Member[]): void {
  const heal = host.isolate(x!);
  host.at(host.kernel.nowUs + 10 * SECOND, heal);
}

function halves(host: RaftHost, leader: Member, [a, b, c]: readonly Member[]): void {
  for (const here of [leader, a!]) for (const there of [b!, c!]) host.cutBetween(here, there);
}

export interface Watched {
  readonly changes: number;
  /** Share of the writes that were committed in time. */
  readonly service: number;
  /** Longest time without a served write, seconds. */
  readonly gap: number;
  /** How much the highest term grew. */
  readonly terms: number;
  /** Leader changes, and share of the writes served, in the last third of the minute: what lasts. */
  readonly lateChanges: number;
  readonly lateService: number;
}

/** One trial: break, then write every 50 ms for a minute. */
export function watch(topology: Topology, parameters: Partial<RaftParameters>, seed: number): Watched {
  const host = new RaftHost({
    seed,
    members: topology.members,
    latencyUs: constant(500),
    fsyncUs: constant(0),
    parameters,
  });
  host.start();
  host.advance(5 * SECOND);
  if (!host.advanceUntil(() => host.leader !== null, 300 * SECOND, SECOND))
    throw new Error('no leader at first');
  host.advance(Math.round((1 + new RandomStream(seed, 'fidelity/fault').uniform(0)) * SECOND));
  const leader = host.leader!;
  const rest = host.members.filter((member) => member !== leader);
  const elections = host.elections.length;
  const highest = () => Math.max(...host.members.map(({ raft }) => raft.term));
  const term = highest();
  topology.breakage(host, leader, rest);
  const lateUs = host.kernel.nowUs + (2 / 3) * WATCHED_US;
  const served = probe(host);
  const late = served.slice((2 / 3) * served.length);
  let longest = 0;
  for (let i = 0, run = 0; i < served.length; i++) {
    run = served[i] ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return {
    changes: host.elections.length - elections,
    service: served.filter(Boolean).length / served.length,
    gap: (longest * PROBE_US) / SECOND,
    terms: highest() - term,
    lateChanges: host.elections.filter(({ timeUs }) => timeUs > lateUs).length,
    lateService: late.filter(Boolean).length / late.length,
  };
}

interface Write {
  readonly number: number;
  readonly atUs: number;
  readonly index: number;
  readonly term: number;
}

/** For each write, whether it was committed in time. */
function probe(host: RaftHost): boolean[] {
  const count = WATCHED_US / PROBE_US;
  const served = new Array<boolean>(count).fill(false);
  let pending: Write[] = [];
  for (let number = 0; number < count + DEADLINE_US / PROBE_US; number++) {
    const nowUs = host.kernel.nowUs;
    pending = pending.filter((write) => {
      const done = host.members.some(
        ({ raft }) => raft.commit >= write.index && raft.log.termAt(write.index) === write.term,
      );
      if (done) served[write.number] = true;
      return !done && nowUs - write.atUs < DEADLINE_US;
    });
    const { leader } = host;
    if (leader !== null && number < count && leader.raft.propose(number) === 'accepted') {
      pending.push({ number, atUs: nowUs, index: leader.raft.lastIndex, term: leader.raft.term });
      leader.drain();
    }
    host.advance(PROBE_US);
  }
  return served;
}

/** Median changes, service in percent, gap in seconds, growth of the highest term; null: not published. */
type Published = readonly [
  changes: number | null,
  service: number | null,
  gap: number | null,
  terms?: number,
];

const ROWS: readonly { id: string; topology: string; measured: Readonly<Record<Setting, Published>> }[] = [
  {
    id: 'G1',
    topology: 'chain',
    measured: {
      plain: [1, 97.2, 1.7],
      'check-quorum': [0, 100, 0, 42],
      'pre-vote': [0, 100, 0],
      both: [0, 100, 0],
    },
  },
  {
    id: 'G2',
    topology: 'star',
    measured: {
      plain: [1, 95.2, 2.9],
      'check-quorum': [1, 91.3, 5.2],
      'pre-vote': [null, 0, null],
      both: [1, 95.2, 2.9],
    },
  },
  {
    id: 'G3',
    topology: 'constrained',
    measured: {
      plain: [null, 0, null],
      'check-quorum': [null, 0, null],
      'pre-vote': [null, 0, null],
      both: [null, 0, null],
    },
  },
  {
    id: 'G4',
    topology: 'two-tails',
    measured: {
      plain: [11, 51.6, null],
      'check-quorum': [0, 100, 0],
      'pre-vote': [0, 100, 0],
      both: [0, 100, 0],
    },
  },
  {
    id: 'G6',
    topology: 'one-way',
    measured: {
      plain: [1, 96, null],
      'check-quorum': [0, 100, 0],
      'pre-vote': [0, 100, 0],
      both: [0, 100, 0],
    },
  },
  {
    id: 'G9',
    topology: 'rejoin',
    measured: {
      plain: [1, null, 1.4],
      'check-quorum': [1, null, 2.25],
      'pre-vote': [0, null, 0],
      both: [0, null, 0],
    },
  },
  {
    id: 'G13',
    topology: 'split-2-2',
    measured: {
      plain: [null, 0, null, 48],
      'check-quorum': [null, 0, null, 48],
      'pre-vote': [null, 0, null, 0],
      both: [null, 0, null, 0],
    },
  },
];

function compare(
  id: string,
  topology: string,
  setting: Setting,
  published: Published,
  trials: number,
): Comparison {
  const runs = Array.from({ length: trials }, (_, seed) =>
    watch(TOPOLOGIES[topology]!, SETTINGS[setting], seed),
  );
  const [changes, service, gap, terms] = published;
  const checks: Record<string, FigureCheck> = {};
  const check = (
    name: string,
    measured: number | null | undefined,
    of: (run: Watched) => number,
    rounding: number,
  ) => {
    if (measured === null || measured === undefined) return;
    const values = sorted(runs.map(of));
    const predicted = quantile(values, 0.5);
    checks[name] = { measured, predicted, allowed: rounding + medianError(values, predicted, MEASURED) };
  };
  check('changes', changes, (run) => run.changes, 0);
  check('service %', service, (run) => 100 * run.service, 0.1);
  check('gap s', gap, (run) => run.gap, 0.05);
  check('terms', terms, (run) => run.terms, 0.5);
  return judgeFigures(
    { name: `partial-connectivity/${id}-${topology}-${setting}`, source: SOURCE, unit: '' },
    { measured: MEASURED, predicted: trials },
    'the medians agree within rounding and the 99 % interval that samples of these sizes leave',
    checks,
  );
}

export const partialConnectivity = suite('partial-connectivity', ({ short, progress }) => {
  const comparisons: Comparison[] = [];
  for (const { id, topology, measured } of ROWS) {
    progress(`${id} ${topology}`);
    for (const setting of Object.keys(SETTINGS) as Setting[]) {
      comparisons.push(compare(id, topology, setting, measured[setting], short ? 6 : 100));
    }
  }
  return comparisons;
});
