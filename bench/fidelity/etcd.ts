/**
 * Real etcd 3.4.23 clusters against the model. File names state the set-up (ground-truth/README.md):
 * killed-N-HEARTBEAT-ELECTION[-prevote][-delayMS][-quiet], leader-isolated-N-HEARTBEAT-ELECTION[-prevote],
 * isolated-KofN-with-leader, isolated-KofN-followers, partial-cut-N[-prevote], quorum-lost-N.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MILLISECOND, SECOND } from '../../sim/kernel/time.ts';
import { type Comparison, notModelled } from './comparison.ts';
import { compareColumns } from './etcd-compare.ts';
import { ISOLATED_DERIVED, isolatedTrials } from './etcd-isolated.ts';
import { killedTrials } from './etcd-killed.ts';
import { partialCutTrials } from './etcd-partial-cut.ts';
import { compareQuorumLost } from './etcd-quorum-lost.ts';
import { type Cluster, column, type Row, readRows, remembered } from './etcd-scenario.ts';
import { suite } from './suite.ts';

/** Simulated trials of one set-up; their own error is small beside that of some dozen measured ones. */
const TRIALS = 500;
const SHORT_TRIALS = 100;
/** Kills are cheap to simulate. */
const KILLS_PER_TRIAL = 4;
/** Round trips there took 0.05 to 0.1 ms. */
const ONE_WAY_US = 40;

export interface SetUp {
  readonly kind: 'killed' | 'isolated' | 'partial-cut' | 'quorum-lost';
  readonly members: number;
  readonly heartbeatMs: number;
  readonly electionMs: number;
  readonly preVote: boolean;
  readonly delayMs: number;
  /** Of isolations: how many members, and whether the leader is one of them. */
  readonly isolated: number;
  readonly withLeader: boolean;
}

const TIMERS = /-(\d+)-(\d+)(?=-|$)/;

/** What a file's name says of its set-up; null when it is of no kind that is known. */
export function parseName(file: string): SetUp | null {
  const name = file.replace(/\.csv$/, '');
  const kind = /^(killed|leader-isolated|isolated|partial-cut|quorum-lost)-(?:(\d+)of)?(\d+)/.exec(name);
  if (kind === null) return null;
  const rest = name.slice(kind[0].length);
  const timers = TIMERS.exec(rest);
  const delay = /-delay([\d.]+)/.exec(rest);
  const several = kind[1] === 'isolated';
  if (several && kind[2] === undefined) return null;
  return {
    kind: kind[1] === 'leader-isolated' || several ? 'isolated' : (kind[1] as 'killed'),
    members: Number(kind[3]),
    heartbeatMs: timers === null ? 100 : Number(timers[1]),
    electionMs: timers === null ? 1000 : Number(timers[2]),
    preVote: /-prevote/.test(rest),
    delayMs: delay === null ? 0 : Number(delay[1]),
    isolated: several ? Number(kind[2]) : 1,
    withLeader: !/-followers/.test(rest),
  };
}

export function clusterOf(setUp: SetUp): Cluster {
  const tickUs = setUp.heartbeatMs * MILLISECOND;
  const electionUs = setUp.electionMs * MILLISECOND;
  const requestUs = 5_000 * MILLISECOND + 2 * electionUs;
  return {
    kind: 'etcd',
    profile: 'etcd-3.4',
    parameters: {
      tickUs,
      electionTicks: Math.floor(electionUs / tickUs),
      preVote: setUp.preVote,
      writeDeadlineUs: requestUs,
      readDeadlineUs: requestUs,
    },
    members: setUp.members,
    oneWayUs: ONE_WAY_US + setUp.delayMs * MILLISECOND,
    warmUpUs: 6 * electionUs,
  };
}

/** Each prober's pace. */
const PUT_EVERY_US = 100 * MILLISECOND;

/** Log lines have 1 ms; set-up times and heartbeat ages come from packet captures. */
const RESOLUTION = { rounds: 1, terms: 1 };

export function compareEtcdFile(path: string, file: string, count: number): Comparison[] {
  const source = `etcd/${file}`;
  const name = source.replace(/\.csv$/, '');
  const setUp = parseName(file);
  const rows = readRows(path);
  if (setUp === null) return [notModelled(name, source, rows.length, 'a file of unknown kind')];
  const cluster = clusterOf(setUp);
  // While members are cut off the probers write, and give up after 1 s.
  const inUse: Cluster = {
    ...cluster,
    parameters: {
      ...cluster.parameters,
      writeEveryUs: PUT_EVERY_US,
      writeDeadlineUs: SECOND,
      readDeadlineUs: SECOND,
    },
  };
  const electionUs = setUp.electionMs * MILLISECOND;
  const compare = (simulated: Parameters<typeof compareColumns>[3], derived = {}) =>
    compareColumns(name, source, rows, simulated, { unit: 'ms', resolution: RESOLUTION, derived });
  switch (setUp.kind) {
    case 'killed':
      return compare(
        remembered(['killed', cluster, count], () =>
          killedTrials(cluster, electionUs, KILLS_PER_TRIAL * count),
        ),
      );
    case 'isolated':
      return compare(isolatedTrials(inUse, setUp, rows, count), ISOLATED_DERIVED);
    case 'partial-cut':
      return compare(partialCutTrials(inUse, electionUs, holdsOf(rows, 'cut_ms'), Math.ceil(count / 4)));
    case 'quorum-lost':
      return compareQuorumLost(name, source, rows, cluster, electionUs, Math.ceil(count / 2));
  }
}

/** How long each fault lasted is part of the set-up. */
function holdsOf(rows: readonly Row[], name: string): number[] {
  return column(rows, name).map((ms) => ms * MILLISECOND);
}

export const etcd = suite('etcd', ({ data, short, progress }) => {
  const folder = data === null ? null : join(data, 'etcd');
  if (folder === null || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv'))
    .sort()
    .flatMap((file) => {
      progress(`etcd/${file}`);
      const found = compareEtcdFile(join(folder, file), file, short ? SHORT_TRIALS : TRIALS);
      return found.length > 0
        ? found
        : [notModelled(`etcd/${file}`, `etcd/${file}`, 0, 'no column that the model predicts')];
    });
});
