/** A sweep in a terminal: verdict, the variants side by side, then for each what was measured and which runs to look at. */
import picocolors from 'picocolors';
import {
  agrees,
  type Cell,
  cellStanding,
  downtimeShares,
  FAILOVER_PARTS,
} from '../../sim/experiments/cells.ts';
import { exactMissing } from '../../sim/experiments/exact-figures.ts';
import type { SweepFindings, VariantFindings } from '../../sim/experiments/findings.ts';
import { mainRow } from '../../sim/experiments/main-row.ts';
import { notableRuns } from '../../sim/experiments/notable-runs.ts';
import {
  complement,
  countInterval,
  unavailabilityInterval,
  withoutEnd,
} from '../../sim/experiments/objectives.ts';
import { NEVER, type OutcomeRows } from '../../sim/experiments/outcome.ts';
import type { Standing } from '../../sim/experiments/standing.ts';
import {
  type Interval,
  meanInterval,
  quantileInterval,
  sorted,
} from '../../sim/experiments/statistics/index.ts';
import type { StopReason } from '../../sim/experiments/stopping.ts';
import { MILLISECOND } from '../../sim/kernel/time.ts';
import type { Verdict } from '../../sim/measures/objectives.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { groupBy } from '../grouping.ts';
import { bareTable } from '../terminal/bare-table.ts';
import type { TerminalOptions } from '../terminal/index.ts';
import { wrap } from '../terminal/wrap.ts';
import { clean, count, duration, integer, list, operationNoun, percent } from '../words.ts';
import type { StudyManifest, StudyVariantReport } from './document.ts';
import { availability, judgedWords, mean, number, per, range, scaled, time, UNKNOWN_BOUND } from './words.ts';

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 110;
/** Rows of a variant's table; causes named one by one. */
const ROWS_MAX = 16;
const CAUSES_MAX = 4;
/** Variants told one by one; of the others only the line in the table. */
const VARIANTS_MAX = 12;

type Paint = ReturnType<typeof picocolors.createColors>;

export function sweepSummary(
  findings: SweepFindings,
  manifest: StudyManifest,
  options: TerminalOptions,
  cells: readonly Cell[] = [],
): string {
  const paint = picocolors.createColors(options.color);
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, options.columns));
  const several = findings.variants.length > 1;
  const parts = [heading(findings, manifest, paint, width)];
  if (several) parts.push(variantTable(findings, cells, paint, width));
  const scenarios = findings.variants.map(({ variant }) => variant.scenario);
  findings.variants.slice(0, VARIANTS_MAX).forEach((found, i) => {
    if (several) parts.push(`${paint.bold(clean(found.variant.name))}  ${verdictOf(found, paint)}`.trimEnd());
    const own = cells.filter((cell) => cell.variant === found.variant.name);
    parts.push(
      ...variantSections(found, scenarios, own, findings.confidence, manifest.variants[i]!, paint, width),
    );
  });
  const rest = findings.variants.length - VARIANTS_MAX;
  if (rest > 0) parts.push(`and ${count(rest, 'more variant')} (cells.csv has them all)`);
  if (parts.some((each) => /\[\?,|, \?\]/.test(each))) parts.push(UNKNOWN_BOUND);
  return `${parts.filter((each) => each !== '').join('\n\n')}\n`;
}

const STOPPED: Readonly<Record<StopReason, string>> = {
  runs: '',
  precision: '; stopped: precise enough',
  imprecise: '; the precision was not reached',
  budget: '; stopped: the budget is spent',
  interrupted: '; interrupted',
};

function heading(findings: SweepFindings, manifest: StudyManifest, paint: Paint, width: number): string {
  const { verdict, variants, confidence } = findings;
  const runs = variants.map(({ outcomes }) => outcomes.length);
  const least = Math.min(...runs);
  const most = Math.max(...runs);
  const number = least === most ? count(most, 'run') : `${integer(least)} to ${count(most, 'run')}`;
  const lengths = new Set(variants.map(({ rows }) => rows.durationUs));
  const each = lengths.size === 1 ? ` of ${duration(variants[0]!.rows.durationUs)}` : '';
  const facts = [
    `${number}${each}${variants.length > 1 ? ` for each of ${variants.length} variants` : ''}`,
    `seed ${clean(String(manifest.seed))}`,
    `intervals at ${Number((confidence * 100).toFixed(4))} %${STOPPED[manifest.stopped]}`,
  ];
  const unasked = verdict === 'pass' && variants.every(({ objectives }) => objectives.length === 0);
  return [
    unasked
      ? `${paint.bold(clean(manifest.title))}: no objectives are stated, so no verdict`
      : `${verdictWord(verdict, paint)}  ${paint.bold(clean(manifest.title))}`,
    wrap(facts.join(', '), width, '', ''),
  ].join('\n');
}

/** Of one variant; nothing where it states no objective that could pass. */
function verdictOf({ verdict, objectives }: VariantFindings, paint: Paint): string {
  return verdict === 'pass' && objectives.length === 0 ? '' : verdictWord(verdict, paint);
}

function verdictWord(verdict: Verdict, paint: Paint): string {
  const word = verdict.toUpperCase();
  if (verdict === 'pass') return paint.green(word);
  return verdict === 'fail' ? paint.red(paint.bold(word)) : paint.yellow(word);
}

/** One line for each variant: the system that the first variant's runs are told apart by. */
function variantTable(
  { variants, confidence }: SweepFindings,
  cells: readonly Cell[],
  paint: Paint,
  width: number,
): string {
  const first = variants[0]!;
  const about = first.rows.operations[notableRuns(first)?.row ?? 0];
  if (about === undefined) return '';
  const nameWidth = Math.max(12, width - 75);
  const cellOf = (variant: string, metric: string) =>
    cells.find((cell) => cell.variant === variant && cell.metric === metric && isAbout(cell, about));
  const exactOf = (variant: string) => {
    const cell = cellOf(variant, 'downtime_ms');
    return cell === undefined || cell.exact === null ? undefined : cell;
  };
  const atOf = ({ rows }: VariantFindings) =>
    rows.operations.findIndex(
      (row) =>
        row.system === about.system && row.operation === about.operation && row.vantage === about.vantage,
    );
  const anyLimited = variants.some((found) =>
    found.outcomes.some(({ operations }) => (operations[atOf(found)]?.degradedUs ?? 0) > 0),
  );
  const scenarios = variants.map(({ variant }) => variant.scenario);
  const lines = variants.map((found) => {
    const { variant, rows, outcomes } = found;
    const verdict = verdictOf(found, paint) || '-';
    const at = atOf(found);
    const name = clean(variant.name);
    const shown = name.length > nameWidth ? `${name.slice(0, nameWidth - 3)}...` : name;
    if (at < 0 || outcomes.length === 0)
      return [`  ${shown}`, verdict, '-', '-', ...(anyLimited ? ['-'] : []), ''];
    const runs = outcomes.map(({ operations }) => operations[at]!);
    const { noun, factor } = per(variant.scenario, scenarios);
    const exact = exactOf(variant.name);
    const lost = unavailabilityInterval(runs, rows.durationUs, confidence);
    const down = meanInterval(
      runs.map(({ downUs }) => downUs),
      confidence,
      { atMost: rows.durationUs },
    );
    return [
      `  ${shown}`,
      verdict,
      unmet(cellOf(variant.name, 'unavailability')) ?? metWords(lost),
      down.estimate === 0 ? 'none' : `${time(down.estimate * factor)}/${noun}`,
      ...(anyLimited ? [limited(runs, factor, `/${noun}`)] : []),
      exact === undefined ? '' : `${time(exact.exact! * MILLISECOND * factor)}/${noun}`,
    ];
  });
  const what = `${operationNoun(about.operation)} of ${about.system} from ${about.vantage}`;
  const known = variants.flatMap(({ variant }) => exactOf(variant.name) ?? []);
  const missed = known.some((cell) => agrees(cell) === false && cell.exact! > cell.interval.upper);
  const note = missed
    ? `\n${wrap('exact: by failures alone. Where it is worse, these runs have not met the rare failure that counts: believe it.', width, '  ', '  ')}`
    : '';
  return `${paint.bold('Variants')}: ${clean(what)}\n${bareTable(lines, {
    head: [
      '  variant',
      'verdict',
      'available',
      'down',
      ...(anyLimited ? ['limited'] : []),
      known.length > 0 ? 'exact' : '',
    ],
    align: ['left', 'left', 'left', 'right', ...(anyLimited ? ['right' as const] : []), 'right'],
  })}${note}`;
}

/** Mean time in which answers were stale or reduced: not up, and not down. */
function limited(runs: readonly { readonly degradedUs: number }[], factor: number, per = ''): string {
  const mean = runs.reduce((sum, { degradedUs }) => sum + degradedUs, 0) / runs.length;
  return mean === 0 ? 'none' : `${time(mean * factor)}${per}`;
}

function variantSections(
  found: VariantFindings,
  beside: readonly Scenario[],
  cells: readonly Cell[],
  confidence: number,
  report: StudyVariantReport,
  paint: Paint,
  width: number,
): string[] {
  if (found.outcomes.length === 0) return ['  not one run was done'];
  const titled = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `${paint.bold(title)}\n${lines.join('\n')}`;
  return [
    titled('Objectives', objectiveLines(found, paint, width)),
    titled('Not asked', idleLines(found, report, width)),
    titled('Availability', [availabilityTable(found, cells, beside, confidence)]),
    titled('Exact, by failures alone', [...exactLines(cells, width), ...noExactLines(found, width)]),
    titled('Failovers', failoverLines(found, beside, confidence)),
    titled('Outages', outageLines(found, cells, confidence, width)),
    titled('Look at', notableLines(found, report)),
  ];
}

function objectiveLines({ objectives }: VariantFindings, paint: Paint, width: number): string[] {
  return objectives.flatMap((each) => [
    `  ${verdictWord(each.verdict, paint)}  ${clean(each.objective.text)}`,
    wrap(clean(judgedWords(each)), width, '        ', '        '),
  ]);
}

function idleLines({ idleFaults }: VariantFindings, report: StudyVariantReport, width: number): string[] {
  return idleFaults.map((_, i) =>
    wrap(`the fault ${report.idleFaults[i]} had no effect in any run: it answers nothing`, width, '  ', '  '),
  );
}

/**
 * Each operation from the widest place, and from where it is available least, when that is less. Where the runs met less
 * than the exact answer knows of, that stands in place of what they met: eleven nines would be believed.
 */
function availabilityTable(
  { variant, rows, outcomes }: VariantFindings,
  cells: readonly Cell[],
  beside: readonly Scenario[],
  confidence: number,
): string {
  const { noun, factor } = per(variant.scenario, beside);
  const measured = rows.operations.map((row, i) => {
    const runs = outcomes.map(({ operations }) => operations[i]!);
    return { ...row, runs, lost: unavailabilityInterval(runs, rows.durationUs, confidence) };
  });
  const shown = new Set<(typeof measured)[number]>();
  for (const row of measured) {
    const alike = measured.filter((each) => each.system === row.system && each.operation === row.operation);
    shown.add(alike[0]!);
    shown.add(alike.reduce((a, b) => (b.lost.estimate > a.lost.estimate ? b : a), alike[0]!));
  }
  const anyLimited = [...shown].some(({ runs }) => runs.some(({ degradedUs }) => degradedUs > 0));
  const lines = [...shown].map(({ system, operation, vantage, runs, lost }) => {
    const down = meanInterval(
      runs.map(({ downUs }) => downUs),
      confidence,
      { atMost: rows.durationUs },
    );
    const outages = countInterval(
      runs.map(({ outagesUs }) => outagesUs.length),
      confidence,
    );
    const about = { system, operation, vantage };
    const cell = cells.find((each) => each.metric === 'unavailability' && isAbout(each, about));
    const believed = unmet(cell);
    return [
      `  ${clean(system)} ${operationNoun(operation)}`,
      clean(vantage),
      believed ?? metWords(lost),
      believed !== null
        ? time(cell!.exact! * rows.durationUs * factor)
        : down.estimate === 0
          ? 'none'
          : time(down.estimate * factor),
      ...(anyLimited ? [limited(runs, factor)] : []),
      mean(scaled(outages, factor), number),
    ];
  });
  const rest = lines.length - ROWS_MAX;
  const more = rest > 0 ? `\n  and ${count(rest, 'more row')} (cells.csv has every vantage)` : '';
  return `${bareTable(lines.slice(0, ROWS_MAX), {
    head: ['', 'from', 'available', `down a ${noun}`, ...(anyLimited ? ['limited'] : []), 'outages'],
    align: ['left', 'left', 'left', 'right', ...(anyLimited ? ['right' as const] : []), 'right'],
  })}${more}`;
}

const AGREEMENT: Readonly<Record<Standing, string>> = {
  agrees: ': agrees',
  'too-few': ': the runs are too few to say',
  missed: ': rarer than these runs can show, which met less of it',
  differs: ': DOES NOT AGREE with the runs',
};

/** '' where there is no interval to hold against it. */
function agreement(cell: Cell): string {
  const standing = cellStanding(cell);
  return standing === null ? '' : AGREEMENT[standing];
}

/** `99.9999 % exact, met less`: of an unavailability that the runs have not met all of; null where they have. */
function unmet(cell: Cell | undefined): string | null {
  if (cell === undefined || cell.exact === null) return null;
  const standing = cellStanding(cell);
  if (standing === 'missed') return `${percent(1 - cell.exact)} exact, met less`;
  return standing === 'too-few' && cell.interval.estimate === 0
    ? `${percent(1 - cell.exact)} exact, met none`
    : null;
}

/** `99.983 % [99.961, 99.9924]` */
function metWords(lost: Interval): string {
  const { estimate, range } = availability(complement(lost));
  return `${estimate} ${range}`;
}

interface About {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
}

function isAbout(cell: Cell, { system, operation, vantage }: About): boolean {
  return cell.system === system && cell.operation === operation && cell.vantage === vantage;
}

/** One line for each operation, from its widest vantage. */
function exactLines(cells: readonly Cell[], width: number): string[] {
  const told = new Set<string>();
  return cells.flatMap((cell) => {
    const key = `${cell.system} ${operationNoun(cell.operation)}`;
    if (cell.metric !== 'unavailability' || cell.exact === null || told.has(key)) return [];
    told.add(key);
    const word = agreement(cell);
    const text = `${clean(key)} from ${clean(cell.vantage)}  ${percent(1 - cell.exact)}${word}`;
    return [wrap(text, width, '  ', '    ')];
  });
}

/** Which systems have none, and why: those alike in one line. */
function noExactLines({ variant }: VariantFindings, width: number): string[] {
  const systems = groupBy(exactMissing(variant.scenario), ({ why }) => why);
  return [...systems].map(([why, missing]) =>
    wrap(`none for ${list(missing.map(({ system }) => clean(system)))}: ${clean(why)}`, width, '  ', '    '),
  );
}

function failoverLines(
  { variant, rows, outcomes }: VariantFindings,
  beside: readonly Scenario[],
  confidence: number,
): string[] {
  const { noun, factor } = per(variant.scenario, beside);
  const lines = rows.systems.flatMap((system, i) => {
    const failovers = outcomes.flatMap(({ systems }) => systems[i]!.failovers);
    if (failovers.length === 0) return [];
    const quantile = (part: (typeof FAILOVER_PARTS)[number], q: number) => {
      const times = sorted(failovers.map((failover) => failover[`${part}Us`] ?? NEVER));
      return withoutEnd(quantileInterval(times, q, confidence));
    };
    const p95 = quantile('recovered', 0.95);
    return [
      [
        `  ${clean(system)}`,
        number((failovers.length / outcomes.length) * factor),
        ...FAILOVER_PARTS.map((part) => time(quantile(part, 0.5).estimate)),
        `${time(p95.estimate)} ${range(p95, time)}`,
      ],
    ];
  });
  if (lines.length === 0) return [];
  return [
    bareTable(lines, {
      head: ['  system', `a ${noun}`, 'detected', 'elected', 'recovered', 'p95'],
      align: ['left', 'right', 'right', 'right', 'right', 'left'],
    }),
    '  (since the loss of the leader: medians of all runs, and the p95 of recovered)',
  ];
}

function outageLines(
  { variant, rows, outcomes }: VariantFindings,
  cells: readonly Cell[],
  confidence: number,
  width: number,
): string[] {
  return rows.systems.flatMap((system) => {
    const main = mainRow(variant.scenario, rows, system);
    const row = rows.operations[main];
    if (row === undefined) return [];
    const runs = outcomes.map(({ operations }) => operations[main]!);
    const lengths = sorted(runs.flatMap(({ outagesUs }) => outagesUs));
    if (lengths.length === 0) return [];
    const p50 = quantileInterval(lengths, 0.5, confidence);
    const p95 = quantileInterval(lengths, 0.95, confidence);
    const shares = downtimeShares(runs);
    const causes = shares
      .slice(0, CAUSES_MAX)
      .map(({ cause, share }) => `${clean(cause)} ${Math.round(share * 100)} %`)
      .concat(shares.length > CAUSES_MAX ? [`${shares.length - CAUSES_MAX} more`] : []);
    const what = `${system} ${operationNoun(row.operation)} from ${row.vantage}`;
    return [
      wrap(
        `${clean(what)}: ${count(lengths.length, 'outage')}, p50 ${time(p50.estimate)} ${range(p50, time)}, p95 ${time(
          p95.estimate,
        )} ${range(p95, time)}, longest ${time(lengths.at(-1)!)}`,
        width,
        '  ',
        '    ',
      ),
      wrap(
        isMissed(cells, row)
          ? `downtime that these runs met goes back to: ${causes.join(', ')}; by the exact answer a rarer failure counts more`
          : `downtime goes back to: ${causes.join(', ')}`,
        width,
        '    ',
        '      ',
      ),
    ];
  });
}

/** Whether the exact answer of an operation knows of more than the runs have met. */
function isMissed(
  cells: readonly Cell[],
  { system, operation, vantage }: OutcomeRows['operations'][number],
): boolean {
  const cell = cells.find(
    (each) =>
      each.metric === 'unavailability' &&
      each.system === system &&
      each.operation === operation &&
      each.vantage === vantage,
  );
  return cell !== undefined && cellStanding(cell) === 'missed';
}

function notableLines(found: VariantFindings, { notable }: StudyVariantReport): string[] {
  const runs = notableRuns(found);
  if (notable === null || runs === null) return [];
  if (runs.alike) return [`  every run is alike: ${notable.worst.command}`];
  const downOf = (k: number) => time(found.outcomes[k]!.operations[runs.row]?.downUs ?? 0);
  return (['worst', 'median', 'best'] as const).map(
    (which) => `  ${which.padEnd(6)}  ${downOf(runs[which]).padStart(10)} down  ${notable[which].command}`,
  );
}
