/** The measured clusters as scenarios of our own: members in one zone, constant delay, nothing else. */

import { readFileSync } from 'node:fs';
import { parseCsv } from '../../scenarios/importers/csv.ts';
import type { FaultEffect, FaultSpec, NodeSelector } from '../../sim/faults/fault-spec.ts';
import { constant } from '../../sim/kernel/distribution.ts';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { SECOND } from '../../sim/kernel/time.ts';
import type { Run } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { simulate } from '../../sim/simulate.ts';
import { resolveSystem } from '../../sim/systems/profiles.ts';
import type { SystemSpec } from '../../sim/systems/system-spec.ts';
import type { LinkQuality } from '../../sim/world/topology.ts';

export type Row = Readonly<Record<string, string>>;

/** The trials of a file that count. */
export function readRows(path: string): Row[] {
  const csv = parseCsv(readFileSync(path, 'utf8'), path);
  return csv.rows
    .map(({ cells }) => Object.fromEntries(csv.header.map((column, i) => [column, cells[i]!])))
    .filter((row) => row.valid !== '0');
}

/** The figures of a column, empty cells left out. */
export function column(rows: readonly Row[], name: string): number[] {
  return rows.flatMap((row) => {
    const text = row[name] ?? '';
    return text === '' || Number.isNaN(Number(text)) ? [] : [Number(text)];
  });
}

export interface Cluster {
  readonly kind: 'etcd' | 'swarm';
  readonly profile: string;
  /** What differs from the profile. */
  readonly parameters: object;
  readonly members: number;
  readonly oneWayUs: number;
  readonly warmUpUs: number;
}

export interface TimedFault {
  readonly atUs: number;
  /** null: to the end of the run. */
  readonly forUs: number | null;
  readonly effect: FaultEffect;
}

export function scenarioOf(cluster: Cluster, faults: readonly TimedFault[], durationUs: number): Scenario {
  const names = Array.from({ length: cluster.members }, (_, i) => `m${i + 1}`);
  const quality: LinkQuality = { latencyUs: constant(cluster.oneWayUs) };
  const resolved = resolveSystem(cluster.kind, cluster.profile, cluster.parameters);
  return {
    title: `${cluster.kind} with ${cluster.members} members`,
    description: '',
    world: {
      places: [
        { name: 'r', level: 'region', parent: null },
        { name: 'd', level: 'datacenter', parent: 'r' },
        { name: 'd/a', level: 'zone', parent: 'd' },
      ],
      nodes: names.map((name) => ({
        name,
        place: 'd/a',
        roles: [],
        labels: {},
        fsync: constant(0),
        clock: { driftPpm: 0, offsetUs: 0 },
        cpu: null,
        memoryBytes: null,
      })),
      linkClasses: {
        'within-node': { latencyUs: constant(0) },
        'within-rack': quality,
        'within-zone': quality,
        'between-zones': quality,
        'between-datacenters': quality,
        'between-regions': quality,
      },
      linkRules: [],
    },
    systems: [
      {
        name: cluster.kind,
        family: cluster.kind,
        kind: cluster.kind,
        profile: resolved.profile,
        parameters: resolved.parameters,
        members: names,
        learners: [],
      } as SystemSpec,
    ],
    faults: faults.map(
      ({ atUs, forUs, effect }, i): FaultSpec => ({
        name: '',
        start: { kind: 'at', atUs: Math.round(atUs) },
        repeat: null,
        duration: forUs === null ? null : constant(Math.round(forUs)),
        effect,
        origin: `faults[${i}]`,
      }),
    ),
    objectives: [],
    vantages: { levels: [], nodes: names },
    run: { durationUs: Math.round(durationUs), warmUpUs: cluster.warmUpUs },
  };
}

export const nodes = (names: readonly string[]): NodeSelector => ({
  kind: 'union',
  of: names.map((node) => ({ kind: 'node', node })),
});

/** What happened in a run after an instant of it. */
export class Trial {
  readonly run: Run;
  readonly fromUs: number;

  constructor(run: Run, fromUs: number) {
    this.run = run;
    this.fromUs = fromUs;
  }

  /** Events of the system since the instant, up to another. */
  events(word: string | readonly string[], untilUs = Number.POSITIVE_INFINITY, node?: string) {
    const words = typeof word === 'string' ? [word] : word;
    return this.run.events.filter(
      (event) =>
        event.system !== '' &&
        event.timeUs >= this.fromUs &&
        event.timeUs <= untilUs &&
        words.includes(event.event) &&
        (node === undefined || event.node === node),
    );
  }

  /** Microseconds from the instant to the first such event. */
  first(word: string | readonly string[], node?: string): number | null {
    const event = this.events(word, Number.POSITIVE_INFINITY, node)[0];
    return event === undefined ? null : event.timeUs - this.fromUs;
  }

  at(us: number): Trial {
    return new Trial(this.run, us);
  }
}

/** The leader that the trial begins with has come about as in the measured series, by a failover, some time before. */
const BEFORE_US = 1 * SECOND;
const BEFORE_DOWN_US = SECOND / 10;
const BEFORE_LIMIT_ELECTIONS = 12;

/**
 * Runs a cluster once. The same seed gives the same world until the first fault, so `leader` is known beforehand; the
 * fault comes at any point of the cluster's periods.
 */
export class Lab {
  readonly cluster: Cluster;
  readonly seed: number;
  readonly names: readonly string[];
  /** Of the trial; known after `leader`. */
  faultUs = 0;
  /** Campaigns until the fault. */
  campaignsBefore = 0;
  readonly #random: RandomStream;
  readonly #before: TimedFault[] = [];

  constructor(cluster: Cluster, seed: number) {
    this.cluster = cluster;
    this.seed = seed;
    this.#random = new RandomStream(seed, 'fidelity/set-up');
    this.names = Array.from({ length: cluster.members }, (_, i) => `m${i + 1}`);
  }

  draw(number: number): number {
    return this.#random.uniform(number + 1);
  }

  run(faults: readonly TimedFault[], durationUs: number): Trial {
    const scenario = scenarioOf(this.cluster, [...this.#before, ...faults], durationUs);
    return new Trial(simulate(scenario, { seed: this.seed }), this.faultUs);
  }

  /** Brings a new leader about and says when it was elected; null when that fails, which makes the trial void. */
  newLeader(electionUs: number): { readonly name: string; readonly electedUs: number } | null {
    this.#before.push({
      atUs: BEFORE_US,
      forUs: BEFORE_DOWN_US,
      effect: { kind: 'kill', target: { kind: 'leader', system: this.cluster.kind } },
    });
    const { run } = this.run([], BEFORE_US + BEFORE_LIMIT_ELECTIONS * electionUs);
    const elected = run.events.find(({ event, timeUs }) => event === 'leader' && timeUs > BEFORE_US);
    return elected === undefined ? null : { name: elected.node, electedUs: elected.timeUs };
  }

  /** The fault comes so long after the election; false when the leader is not the same any more by then. */
  faultAt(us: number, leader: string): boolean {
    this.faultUs = Math.round(us);
    const { groups, systems } = this.run([], this.faultUs + 1).run;
    const last = groups.at(-1)!;
    this.campaignsBefore = systems[0]!.campaigns;
    return last.state === 'serving' && last.leader === leader;
  }

  /** Some of the names, drawn. */
  pick(names: readonly string[], count: number, number: number): string[] {
    const left = [...names];
    const chosen: string[] = [];
    for (let i = 0; i < count && left.length > 0; i++) {
      chosen.push(left.splice(Math.floor(this.draw(number + i) * left.length), 1)[0]!);
    }
    return chosen;
  }
}

const GAP_DRAW = 50;

/** Longer than any election takes. */
const KILL_ELECTIONS = 8;

/** Files of one set-up share their simulated trials. */
export function remembered<T>(key: unknown, make: () => T): T {
  const name = JSON.stringify(key);
  if (!memory.has(name)) memory.set(name, make());
  return memory.get(name) as T;
}

const memory = new Map<string, unknown>();

/**
 * One row a seed, for faults whose outcome does not depend on when the leader was elected: whoever leads is killed at any
 * point of the cluster's periods.
 */
export function kills<T>(
  count: number,
  cluster: Cluster,
  electionUs: number,
  one: (trial: Trial, survivors: readonly string[]) => T | null,
): T[] {
  const found: T[] = [];
  const effect: FaultEffect = { kind: 'kill', target: { kind: 'leader', system: cluster.kind } };
  for (let i = 0; i < count; i++) {
    const lab = new Lab(cluster, i + 1);
    lab.faultUs = SECOND + Math.round(5 * electionUs * lab.draw(GAP_DRAW));
    const trial = lab.run(
      [{ atUs: lab.faultUs, forUs: null, effect }],
      lab.faultUs + KILL_ELECTIONS * electionUs,
    );
    const killed = trial.run.events.find(({ event }) => event === 'node-down')?.node;
    if (killed === undefined) continue;
    const row = one(
      trial,
      lab.names.filter((name) => name !== killed),
    );
    if (row !== null) found.push(row);
  }
  return found;
}

/** One row a seed. `gapsUs`: how long after the leader's election the fault came in the measured trials; [low, high]. */
export function trials<T>(
  count: number,
  cluster: Cluster,
  electionUs: number,
  gapsUs: readonly number[] | { readonly low: number; readonly high: number },
  one: (lab: Lab, leader: string, index: number) => T | null,
): T[] {
  const found: T[] = [];
  for (let i = 0; i < count; i++) {
    const lab = new Lab(cluster, i + 1);
    const leader = lab.newLeader(electionUs);
    if (leader === null) continue;
    const gapUs =
      'low' in gapsUs
        ? gapsUs.low + (gapsUs.high - gapsUs.low) * lab.draw(GAP_DRAW)
        : gapsUs[Math.floor(lab.draw(GAP_DRAW) * gapsUs.length)]!;
    if (!lab.faultAt(leader.electedUs + gapUs, leader.name)) continue;
    const row = one(lab, leader.name, i);
    if (row !== null) found.push(row);
  }
  return found;
}

/** A cluster that is left alone for a while: any point of its periods. */
export function anyGap(electionUs: number): { readonly low: number; readonly high: number } {
  return { low: 3 * electionUs, high: 5 * electionUs };
}
