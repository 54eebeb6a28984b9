/**
 * Real Docker Swarm clusters (dockerd 20.10.24) against the model. File names state the set-up (ground-truth/README.md):
 * leader-killed-N[-quiet], leader-cut-N[-heal], follower-cut-N[-heal], quorum-lost-N. What is about workers and
 * placement comes with a later version.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SECOND } from '../../sim/kernel/time.ts';
import { type Comparison, notModelled } from './comparison.ts';
import { compareColumns, type Figures } from './etcd-compare.ts';
import { type Cluster, type Row, readRows, remembered } from './etcd-scenario.ts';
import { suite } from './suite.ts';
import { cutTrials } from './swarm-cut.ts';
import { killedTrials } from './swarm-killed.ts';
import { quorumLostTrials } from './swarm-quorum-lost.ts';

const TRIALS = 250;
const SHORT_TRIALS = 60;
/** Kills are cheap to simulate. */
const KILLS_PER_TRIAL = 8;
const ELECTION_US = 10 * SECOND;
const ONE_WAY_US = 40;

export interface SetUp {
  readonly kind: 'leader-killed' | 'leader-cut' | 'follower-cut' | 'quorum-lost';
  readonly members: number;
}

/** What a file's name says of its set-up; null when it is about what this version does not model. */
export function parseName(file: string): SetUp | null {
  const parts = /^(leader-killed|leader-cut|follower-cut|quorum-lost)-(\d+)/.exec(file);
  return parts === null ? null : { kind: parts[1] as 'leader-cut', members: Number(parts[2]) };
}

/** The test's own requests went through every manager: ten a second, four where the quorum was lost. */
function clusterOf({ kind, members }: SetUp): Cluster {
  return {
    kind: 'swarm',
    profile: 'swarmkit-20.10',
    parameters: {
      requestEveryUs: kind === 'quorum-lost' ? SECOND / 4 : SECOND / 10,
      ...(kind === 'leader-cut' || kind === 'follower-cut' ? { writeEveryUs: SECOND } : {}),
    },
    members,
    oneWayUs: ONE_WAY_US,
    warmUpUs: 6 * ELECTION_US,
  };
}

/** Log times are good to 10 ms, what the API was asked to 100 ms (250 ms where the quorum was lost). */
const RESOLUTION: Readonly<Record<string, number>> = {
  old_leader_reads_ok_until_s: 0.25,
  write_ok_others_s: 0.25,
  reads_ok_until_s: 0.25,
  first_read_error_s: 0.25,
  no_leader_error_from_s: 0.25,
  write1_reply_s: 0.25,
  heal_isolated_follows_s: 0.25,
};

export function compareSwarmFile(path: string, file: string, count: number): Comparison[] {
  const source = `swarm/${file}`;
  const name = source.replace(/\.csv$/, '');
  const rows = readRows(path);
  const setUp = parseName(file);
  if (setUp === null) {
    return [notModelled(name, source, rows.length, 'workers and placement: not modelled yet')];
  }
  const cluster = clusterOf(setUp);
  const compare = (part: string, of: readonly Row[], simulated: readonly Figures[]) =>
    compareColumns(part === '' ? name : `${name}/${part}`, source, of, simulated, {
      unit: 's',
      resolution: RESOLUTION,
      derived: DERIVED,
    });
  switch (setUp.kind) {
    case 'leader-killed':
      return compare(
        '',
        rows,
        remembered(['killed', cluster, count], () =>
          killedTrials(cluster, ELECTION_US, KILLS_PER_TRIAL * count),
        ),
      );
    case 'leader-cut':
    case 'follower-cut': {
      const target = setUp.kind === 'leader-cut' ? 'leader' : 'follower';
      return by(rows, 'hold_after_s').flatMap(([hold, own]) =>
        compare(
          `held-${Number(hold)}s`,
          file.includes('-heal') ? own : own.map(withoutHeal),
          remembered(['cut', cluster, target, hold, count], () =>
            cutTrials(cluster, ELECTION_US, target, Number(hold) * SECOND, count),
          ),
        ),
      );
    }
    case 'quorum-lost':
      return by(rows, 'survivor_role').flatMap(([role, own]) =>
        compare(
          `${role}-survives`,
          own,
          quorumLostTrials(cluster, ELECTION_US, own, role === 'leader', count),
        ),
      );
  }
}

const DERIVED: Readonly<Record<string, (row: Row) => number | null>> = {
  overlap_s: (row) =>
    row.old_leader_stepdown_s && row.new_leader_s
      ? Math.max(0, Number(row.old_leader_stepdown_s) - Number(row.new_leader_s))
      : null,
  // Where the heal deposed the leader these rows are cut off at 28 s.
  heal_isolated_follows_s: (row) =>
    row.heal_disrupted === '0' && row.heal_isolated_follows_s ? Number(row.heal_isolated_follows_s) : null,
};

/** The heal's columns of these files end at 28 s: the files with -heal have all of it. */
const CENSORED = /^heal_(?!isolated_follows)|^write_gap/;

function withoutHeal(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([columnName, text]) => [
      columnName,
      CENSORED.test(columnName) && columnName !== 'heal_disrupted' && columnName !== 'heal_stepdown_s'
        ? ''
        : text,
    ]),
  );
}

function by(rows: readonly Row[], columnName: string): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row[columnName] ?? '';
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups];
}

export const swarm = suite('swarm', ({ data, short, progress }) => {
  const folder = data === null ? null : join(data, 'swarm');
  if (folder === null || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv'))
    .sort()
    .flatMap((file) => {
      progress(`swarm/${file}`);
      const found = compareSwarmFile(join(folder, file), file, short ? SHORT_TRIALS : TRIALS);
      return found.length > 0
        ? found
        : [notModelled(`swarm/${file}`, `swarm/${file}`, 0, 'no column that the model predicts')];
    });
});
