/**
 * Objectives in words:
 *
 *     etcd write availability >= 98%             etcd write availability from us-west/a >= 98%
 *     etcd write downtime <= 10s                 etcd write longest outage <= 5s
 *     etcd write outages <= 1                    etcd read degraded <= 5s          etcd write waiting <= 5s
 *     swarm failover p99 <= 8s                   swarm failover max <= 8s          swarm failover detected p50 <= 4s
 *     etcd failovers = 1                         etcd campaigns <= 3               etcd elections <= 3
 *     etcd split votes = 0                       etcd highest term <= 9
 */
import type { Comparison, Metric } from '../sim/measures/objectives.ts';
import { listOf, nearest } from './nearest.ts';
import { TextError } from './text-error.ts';
import { parseDuration, parseShare } from './units.ts';

/** An objective as written; the system, operation and vantage are not looked up yet. */
export interface ObjectiveSyntax {
  readonly system: string;
  readonly metric: Metric;
  readonly comparison: Comparison;
  readonly limit: number;
}

type LimitUnit = 'share' | 'duration' | 'count';
type OperationKind = Extract<Metric, { operation: string }>['kind'];
type CountKind = 'failovers' | 'campaigns' | 'elections' | 'split-votes' | 'highest-term';

/** What is measured of an operation; words as they stand in the text. */
const OPERATION_MEASURES: ReadonlyMap<string, { readonly kind: OperationKind; readonly unit: LimitUnit }> =
  new Map<string, { kind: OperationKind; unit: LimitUnit }>([
    ['availability', { kind: 'availability', unit: 'share' }],
    ['downtime', { kind: 'downtime', unit: 'duration' }],
    ['longest outage', { kind: 'longest-outage', unit: 'duration' }],
    ['outages', { kind: 'outages', unit: 'count' }],
    ['degraded', { kind: 'degraded', unit: 'duration' }],
    ['waiting', { kind: 'waiting', unit: 'duration' }],
  ]);

const SYSTEM_COUNTS: ReadonlyMap<string, CountKind> = new Map<string, CountKind>([
  ['failovers', 'failovers'],
  ['campaigns', 'campaigns'],
  ['elections', 'elections'],
  ['split votes', 'split-votes'],
  ['highest term', 'highest-term'],
]);

const FAILOVER_PARTS = ['detected', 'elected', 'recovered'] as const;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['>=', '>='],
  ['≥', '>='],
  ['<=', '<='],
  ['≤', '<='],
  ['>', '>'],
  ['<', '<'],
  ['=', '='],
  ['==', '='],
]);

const EXAMPLE =
  'write it like "etcd write availability >= 98%", "swarm failover p99 <= 8s" or "etcd failovers = 1"';
const MEASURES = [...OPERATION_MEASURES.keys(), 'failover', ...SYSTEM_COUNTS.keys()];

/** Throws a TextError when the text has not the form of an objective. */
export function parseObjective(text: string): ObjectiveSyntax {
  const match = /^(.*?)\s*(>=|<=|==|=>|=<|≥|≤|>|<|=)\s*(.*)$/s.exec(text.trim());
  if (match === null) throw new TextError(`"${text}" states no limit: ${EXAMPLE}`);
  const [, left, sign, limitText] = match;
  const comparison = COMPARISONS.get(sign!);
  if (comparison === undefined)
    throw new TextError(`"${sign}" is no comparison: use >=, <=, >, < or =`, sign === '=>' ? '>=' : '<=');
  const words = left!.split(/\s+/).filter((word) => word !== '');
  const system = words.shift();
  if (system === undefined || words.length === 0)
    throw new TextError(`"${text}" names no system and measure: ${EXAMPLE}`);
  const { metric, unit } = parseMetric(words);
  return { system, metric, comparison, limit: parseLimit(limitText!, unit, left!) };
}

function parseMetric(words: string[]): { metric: Metric; unit: LimitUnit } {
  const count = SYSTEM_COUNTS.get(words.join(' '));
  if (count !== undefined) return { metric: { kind: count }, unit: 'count' };
  if (words[0] === 'failover') return { metric: parseFailover(words.slice(1)), unit: 'duration' };
  const vantage = takeVantage(words);
  const operation = words[0];
  const phrase = words.slice(1).join(' ');
  const measure = OPERATION_MEASURES.get(phrase);
  if (operation === undefined || measure === undefined) throw unknownMeasure(words, vantage !== null);
  return { metric: { kind: measure.kind, operation, vantage }, unit: measure.unit };
}

function takeVantage(words: string[]): string | null {
  const from = words.indexOf('from');
  if (from < 0) return null;
  const vantage = words[from + 1];
  if (vantage === undefined) throw new TextError('a place or a node is missing behind "from"');
  words.splice(from, 2);
  return vantage;
}

function parseFailover(words: readonly string[]): Metric {
  const rest = [...words];
  const part = FAILOVER_PARTS.find((candidate) => candidate === rest[0]);
  if (part !== undefined) rest.shift();
  const [figure, more] = rest;
  const what = `a failover is measured like "failover p99", "failover max" or "failover detected p50"`;
  if (figure === undefined) throw new TextError(`which failover? ${what}`);
  if (more !== undefined) throw new TextError(`"${more}" does not follow here: ${what}`);
  const quantile = parseQuantile(figure);
  if (quantile === undefined) {
    throw new TextError(
      `unknown figure "${figure}": ${what}`,
      nearest(figure, [...FAILOVER_PARTS, 'max', 'median', 'p50', 'p90', 'p95', 'p99']),
    );
  }
  return { kind: 'failover', part: part ?? 'recovered', quantile };
}

function parseQuantile(word: string): number | undefined {
  if (word === 'max') return 1;
  if (word === 'median') return 0.5;
  const match = /^p(\d{1,2}(?:\.\d{1,4})?|100)$/.exec(word);
  // Shifted by text: 99.9 / 100 is not the nearest float64 to 0.999.
  return match === null ? undefined : Number(`${match[1]}e-2`);
}

function unknownMeasure(words: readonly string[], hasVantage: boolean): TextError {
  const alone = words.join(' ');
  if (OPERATION_MEASURES.has(alone)) {
    return new TextError(`"${alone}" is measured of an operation: write "write ${alone}" or "read ${alone}"`);
  }
  if (hasVantage && (SYSTEM_COUNTS.has(alone) || words[0] === 'failover')) {
    return new TextError(`"${alone}" belongs to the system as a whole and is not measured from a place`);
  }
  const phrase = words.slice(1).join(' ');
  return new TextError(
    `unknown measure "${phrase === '' ? alone : phrase}": known are ${listOf(MEASURES)}`,
    nearest(phrase, OPERATION_MEASURES.keys()) ?? nearest(alone, MEASURES),
  );
}

function parseLimit(text: string, unit: LimitUnit, of: string): number {
  if (text === '') throw new TextError(`the limit is missing behind "${of}"`);
  switch (unit) {
    case 'share':
      return parseShare(text);
    case 'duration':
      return parseDuration(text);
    case 'count':
      if (!/^\d{1,15}$/.test(text))
        throw new TextError(`"${of}" is a count: the limit is a whole number, not "${text}"`);
      return Number(text);
  }
}
