/**
 * Measured rows against the model's trials of the same set-up: one comparison for each figure.
 *
 * Log lines there are stamped 1 to 3 ms after the fact: times are compared to 10 ms. A resumed process needs up to 12 ms
 * to wake and to work through what has piled up, which the model leaves out: what follows is compared by spans of 20 ms.
 */
import type { Comparison } from '../comparison.ts';
import { judgeSamples } from '../judge.ts';
import type { Variant } from './cluster.ts';
import { rank } from './cluster.ts';
import { type Freeze, freeze } from './freezes.ts';
import { type Loss, lose, type Victim } from './losses.ts';
import { type Spread, spread } from './spreads.ts';
import { column, groupBy, type Row, type Table } from './table.ts';

const RESOLUTION_S = 0.01;
const WAKING_S = 0.02;
/** Columns that count from when the process goes on. */
const AFTER_WAKING = /_after_cont$|^t_alive_msg/;

export function compareTable(table: Table, trials: (n: number) => number): Comparison[] {
  switch (table.kind) {
    case 'losses':
      return losses(table, trials);
    case 'third':
      return thirds(table, trials);
    case 'frozen':
      return freezes(table, trials);
    case 'dissemination':
      return spreads(table, trials);
    case 'failed-probes':
      return failedProbes(table, trials);
    case null:
      return [];
  }
}

type Trials = (n: number) => number;
type Figure<T> = (trial: T) => number | undefined;

/** One comparison for each figure of which both sides have values. */
function judge<T>(
  table: Table,
  setUp: string,
  rows: readonly Row[],
  trials: readonly T[],
  figures: Readonly<Record<string, Figure<T>>>,
): Comparison[] {
  return Object.entries(figures).flatMap(([name, figure]) => {
    const resolved = AFTER_WAKING.test(name) ? bySpan : rounded;
    const measured = column(rows, name).map(resolved);
    const predicted = trials.flatMap((trial) => {
      const value = figure(trial);
      return value === undefined ? [] : [resolved(value)];
    });
    if (measured.length === 0 || predicted.length === 0) return [];
    return judgeSamples(
      {
        name: `serf/${setUp}/${name.replace(/^t_/, '').replaceAll('_', '-')}`,
        source: `serf/${table.file}`,
        unit: 's',
      },
      measured,
      predicted,
    );
  });
}

function rounded(seconds: number): number {
  return Math.round(seconds / RESOLUTION_S) * RESOLUTION_S;
}

function bySpan(seconds: number): number {
  return Math.floor(seconds / WAKING_S) * WAKING_S;
}

const VICTIM_FIGURES: Readonly<Record<string, Figure<Victim>>> = {
  t_first_suspect: ({ suspects }) => suspects[0],
  t_2nd_suspect: ({ suspects }) => suspects[1],
  t_learn_p50: ({ learned }) => rank(learned, 0.5),
  t_last_learn_suspect: ({ learned }) => learned.at(-1),
  t_first_failed: ({ failed }) => failed[0],
  t_p50_failed: ({ failed }) => rank(failed, 0.5),
  t_p90_failed: ({ failed }) => rank(failed, 0.9),
  t_last_failed: ({ failed }) => failed.at(-1),
  suspect_to_failed: ({ suspects, failed }) => failed[0]! - suspects[0]!,
  spread: ({ failed }) => failed.at(-1)! - failed[0]!,
};

/** How a victim fell silent is nothing to its peers: the variants of one cluster size are one sample, in their shares. */
function losses(table: Table, trials: Trials): Comparison[] {
  return [...groupBy(table.rows, 'N')].flatMap(([key, all]) => {
    const n = Number(key);
    const single = all.filter((row) => isVariant(row.variant));
    const many = all.filter((row) => row.variant === 'kill_third');
    const found: Comparison[] = [];
    if (single.length > 0) {
      const victims = Array.from({ length: trials(n) }, (_, i) => {
        const { variant } = single[Math.floor((i * single.length) / trials(n))]!;
        return lose(n, 1, variant as Variant, String(i)).victims[0]!;
      });
      found.push(...judge(table, `one-fails-${n}`, single, victims, VICTIM_FIGURES));
    }
    if (many.length > 0) {
      const count = Math.round(many.length / groupBy(many, 'cluster', 'trial').size);
      const victims = lostAtOnce(n, count, trials(n)).flatMap((loss) => loss.victims);
      found.push(...judge(table, `third-fails-${n}-victims`, many, victims, VICTIM_FIGURES));
    }
    return found;
  });
}

function isVariant(word: string | undefined): boolean {
  return word === 'kill' || word === 'stop' || word === 'cut';
}

function lostAtOnce(n: number, count: number, trials: number): Loss[] {
  return Array.from({ length: Math.ceil(trials / 4) }, (_, i) => lose(n, count, 'kill', String(i)));
}

const THIRD_FIGURES: Readonly<Record<string, Figure<Loss>>> = {
  t_first_suspect_any: ({ victims }) => Math.min(...victims.map(({ suspects }) => suspects[0]!)),
  t_first_failed_any: ({ victims }) => Math.min(...victims.map(({ failed }) => failed[0]!)),
  mean_first_failed: ({ victims }) =>
    victims.reduce((sum, { failed }) => sum + failed[0]!, 0) / victims.length,
  t_last_victim_first_failed: ({ victims }) => Math.max(...victims.map(({ failed }) => failed[0]!)),
  t_all_failed_everywhere: ({ victims }) => Math.max(...victims.map(({ failed }) => failed.at(-1)!)),
};

function thirds(table: Table, trials: Trials): Comparison[] {
  return [...groupBy(table.rows, 'N', 'k')].flatMap(([key, rows]) => {
    const [n, k] = key.split(' ').map(Number) as [number, number];
    return judge(table, `third-fails-${n}`, rows, lostAtOnce(n, k, trials(n)), THIRD_FIGURES);
  });
}

const FREEZE_FIGURES: Readonly<Record<string, Figure<Freeze>>> = {
  t_first_suspect: (trial) => trial.firstSuspect,
  t_last_learn_suspect: (trial) => trial.lastLearned,
  t_first_failed: (trial) => trial.firstFailed,
  t_last_failed: (trial) => trial.lastFailed,
  n_refutes: (trial) => trial.refutes,
  t_first_refute_after_cont: (trial) => trial.refuted,
  t_first_rejoin_after_cont: (trial) => trial.firstRejoin,
  t_last_rejoin_after_cont: (trial) => trial.lastRejoin,
  t_alive_msg_p50: (trial) => trial.aliveMedian,
  t_alive_msg_last_after_cont: (trial) => trial.aliveLast,
};

function freezes(table: Table, trials: Trials): Comparison[] {
  return [...groupBy(table.rows, 'N', 'D')].flatMap(([key, rows]) => {
    const [n, d] = key.split(' ').map(Number) as [number, number];
    const simulated = Array.from({ length: trials(n) }, (_, i) => freeze(n, d, String(i)));
    return judge(table, `frozen-${n}-${d}s`, rows, simulated, FREEZE_FIGURES);
  });
}

const SPREAD_FIGURES: Readonly<Record<string, Figure<Spread>>> = {
  t_first: (trial) => trial.first,
  t_p50: (trial) => trial.median,
  t_p90: (trial) => trial.p90,
  t_last: (trial) => trial.last,
  n_receptions: (trial) => trial.receptions,
};

function spreads(table: Table, trials: Trials): Comparison[] {
  return [...groupBy(table.rows, 'N', 'kind')].flatMap(([key, rows]) => {
    const [size, kind] = key.split(' ') as [string, string];
    if (kind !== 'event' && kind !== 'tag') return [];
    const n = Number(size);
    const simulated = Array.from({ length: trials(n) }, (_, i) => spread(n, kind, String(i)));
    return judge(table, `dissemination-${n}-${kind}`, rows, simulated, SPREAD_FIGURES);
  });
}

/** Durations of failed probes: first ones of a prober in the trial, and later ones, which its bad health stretches. */
function failedProbes(table: Table, trials: Trials): Comparison[] {
  return [...groupBy(table.rows, 'N', 'kind')].flatMap(([key, rows]) => {
    const [size, kind] = key.split(' ') as [string, string];
    const n = Number(size);
    const count =
      kind === 'third' ? Math.max(...[...groupBy(rows, 'cluster', 'trial').values()].map(targets)) : 1;
    const simulated =
      count > 1
        ? lostAtOnce(n, count, trials(n))
        : Array.from({ length: trials(n) }, (_, i) => lose(n, 1, 'kill', String(i)));
    const probes = simulated.flatMap((loss) => loss.probes);
    const first = rows.filter((row) => row.nth_failed_probe_of_prober === '1');
    const later = rows.filter((row) => row.nth_failed_probe_of_prober !== '1');
    const duration = { fail_duration: (probe: Loss['probes'][number]) => probe.duration };
    return [
      ...judge(
        table,
        `failed-probes-${n}-${kind}/first`,
        first,
        probes.filter(({ nth }) => nth === 1),
        duration,
      ),
      ...judge(
        table,
        `failed-probes-${n}-${kind}/later`,
        later,
        probes.filter(({ nth }) => nth > 1),
        duration,
      ),
    ];
  });
}

function targets(rows: readonly Row[]): number {
  return new Set(rows.map((row) => row.target)).size;
}
