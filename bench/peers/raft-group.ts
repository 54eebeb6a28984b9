/**
 * One question for zonefall and for a plain SimPy program (raft_group.py): a Raft group of five, whose machines fail and are
 * repaired by themselves; for how long does it not serve? The same parameters go to both.
 */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../../scenarios/index.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../../sim/kernel/time.ts';
import { simulate } from '../../sim/simulate.ts';

/** Times in microseconds. */
export interface RaftGroupModel {
  readonly members: number;
  readonly tickUs: number;
  readonly heartbeatTicks: number;
  readonly electionTicks: number;
  /** One way, uniform between the two. */
  readonly latencyUs: readonly [min: number, max: number];
  readonly fsyncUs: number;
  readonly loss: number;
  /** Of each machine, exponential. */
  readonly meanUpUs: number;
  readonly meanDownUs: number;
  /** Before it nothing is measured and nothing fails. */
  readonly warmUpUs: number;
  readonly durationUs: number;
}

export interface Answers {
  readonly runs: readonly Answer[];
  /** Processor seconds of each run. */
  readonly cpuS: readonly number[];
}

export interface Answer {
  /** How long each outage took, in the order of time. */
  readonly outagesUs: readonly number[];
}

/** A failure about once a fortnight, repaired in four hours: elections all but alone make the downtime. */
export const A_FAULT_A_FORTNIGHT: RaftGroupModel = {
  members: 5,
  tickUs: 100 * MILLISECOND,
  heartbeatTicks: 1,
  electionTicks: 10,
  latencyUs: [0.5 * MILLISECOND, 1.5 * MILLISECOND],
  fsyncUs: MILLISECOND,
  loss: 0,
  meanUpUs: 70 * DAY,
  meanDownUs: 4 * HOUR,
  warmUpUs: MINUTE,
  durationUs: HOUR,
};

/** The same group in a hurry: each machine fails every 100 s, so that an hour holds as many failures as seven years of the other. */
export const HURRIED: RaftGroupModel = {
  ...A_FAULT_A_FORTNIGHT,
  meanUpUs: 100 * SECOND,
  meanDownUs: 5 * SECOND,
};

export function inZonefall(
  model: RaftGroupModel,
  options: { runs: number; seed: number; everyEvent?: boolean },
): Answers {
  const loaded = loadScenario(scenarioText(model)).scenario;
  const scenario = { ...loaded, run: { ...loaded.run, warmUpUs: model.warmUpUs } };
  const runs: Answer[] = [];
  const cpuS: number[] = [];
  for (let i = 0; i < options.runs; i++) {
    const before = process.cpuUsage();
    const run = simulate(scenario, { seed: options.seed + i, everyEvent: options.everyEvent === true });
    const { user, system } = process.cpuUsage(before);
    cpuS.push((user + system) / 1e6);
    const outages = run.outages.filter(({ operation }) => operation === 'write');
    runs.push({ outagesUs: outages.map(({ fromUs, toUs }) => toUs - fromUs) });
  }
  return { runs, cpuS };
}

/** Nobody waits for an answer, so that an operation is down exactly while the group does not serve. */
function scenarioText(model: RaftGroupModel): string {
  const us = (value: number) => `${value}us`;
  return `
version: 1
title: One Raft group of ${model.members}
topology: { dc: { zones: [a] } }
network:
  within-zone: { one-way: "uniform(${us(model.latencyUs[0])}, ${us(model.latencyUs[1])})", loss: ${model.loss} }
nodes: { member: { count: ${model.members}, fsync: ${us(model.fsyncUs)} } }
systems:
  raft:
    profile: etcd-raft
    members: member
    tick: ${us(model.tickUs)}
    heartbeat: ${us(model.tickUs * model.heartbeatTicks)}
    election: ${us(model.tickUs * model.electionTicks)}
    deadlines: { write: 1us, read: 1us }
vantages: [datacenter]
faults:
  - every: exponential(mean ${us(model.meanUpUs)})
    power-loss: each member
    for: exponential(mean ${us(model.meanDownUs)})
run: { duration: ${us(model.durationUs)} }
`;
}

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'raft_group.py');

/** `python` has SimPy. Throws if the program fails. */
export function inSimpy(
  python: string,
  model: RaftGroupModel,
  options: { runs: number; seed: number },
): Answers {
  const seconds = (us: number) => String(us / SECOND);
  const words = {
    members: String(model.members),
    tick: seconds(model.tickUs),
    'heartbeat-ticks': String(model.heartbeatTicks),
    'election-ticks': String(model.electionTicks),
    'latency-min': seconds(model.latencyUs[0]),
    'latency-max': seconds(model.latencyUs[1]),
    fsync: seconds(model.fsyncUs),
    loss: String(model.loss),
    'mean-up': seconds(model.meanUpUs),
    'mean-down': seconds(model.meanDownUs),
    'warm-up': seconds(model.warmUpUs),
    duration: seconds(model.durationUs),
    runs: String(options.runs),
    seed: String(options.seed),
  };
  const args = Object.entries(words).map(([name, value]) => `--${name}=${value}`);
  const printed = execFileSync(python, [PROGRAM, ...args], { encoding: 'utf8' });
  const { runs, cpu_s } = JSON.parse(printed) as { runs: { outages_s: number[] }[]; cpu_s: number[] };
  return {
    runs: runs.map(({ outages_s }) => ({ outagesUs: outages_s.map((length) => length * SECOND) })),
    cpuS: cpu_s,
  };
}

/** The share of the time without service, run by run. */
export function downShares(answers: Answers, { durationUs }: RaftGroupModel): number[] {
  return answers.runs.map(({ outagesUs }) => outagesUs.reduce((sum, each) => sum + each, 0) / durationUs);
}

export function outageLengths(answers: Answers): number[] {
  return answers.runs.flatMap(({ outagesUs }) => outagesUs);
}
