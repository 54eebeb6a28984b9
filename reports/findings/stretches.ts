/** Histories of service as lists of stretches: the whole run, in order, neighbours differing in state. */
import type { TraceId } from '../../sim/kernel/trace.ts';
import type { AvailabilityInterval } from '../../sim/run.ts';
import { pairwise } from '../grouping.ts';

/** `waits`: accepted, and served only after a wait; `dark`: down because those who tried had no power themselves. */
export type ServiceState = 'up' | 'waits' | 'degraded' | 'down' | 'dark';

export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface Stretch extends Span {
  readonly state: ServiceState;
  readonly cause: TraceId;
}

/** The intervals of one operation from one vantage, neighbours of one state made one. */
export function stretchesOf(intervals: readonly AvailabilityInterval[]): Stretch[] {
  const stretches: Mutable<Stretch>[] = [];
  for (const { fromUs, toUs, state, waits, cause } of intervals) {
    append(stretches, fromUs, toUs, state === 'up' && waits ? 'waits' : state, cause);
  }
  return stretches;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Lengthens the last stretch when it is of that state: histories of a century are too long to be copied at each step. */
function append(
  stretches: Mutable<Stretch>[],
  fromUs: number,
  toUs: number,
  state: ServiceState,
  cause: TraceId,
): void {
  const last = stretches.at(-1);
  if (last?.state === state) last.toUs = toUs;
  else stretches.push({ fromUs, toUs, state, cause });
}

/** Whether two histories have the same states at the same times, whatever caused them. */
export function sameHistory(a: readonly Stretch[], b: readonly Stretch[]): boolean {
  return pairwise(a, b, (one, other) => one.fromUs === other.fromUs && one.state === other.state);
}

/** Whether two histories are of the same state wherever neither is masked. */
export function agree(
  a: readonly Stretch[],
  maskA: readonly Span[],
  b: readonly Stretch[],
  maskB: readonly Span[],
): boolean {
  return together(
    a,
    maskA,
    b,
    maskB,
    (one, isMaskedA, other, isMaskedB) => one.state === other.state || isMaskedA || isMaskedB,
  );
}

/** `a`, and `b` where only `a` is masked. */
export function filledIn(
  a: readonly Stretch[],
  maskA: readonly Span[],
  b: readonly Stretch[],
  maskB: readonly Span[],
): Stretch[] {
  const result: Mutable<Stretch>[] = [];
  together(a, maskA, b, maskB, (one, isMaskedA, other, isMaskedB, fromUs, toUs) => {
    const { state, cause } = isMaskedA && !isMaskedB ? other : one;
    append(result, fromUs, toUs, state, cause);
    return true;
  });
  return result;
}

/** The history with another state wherever it is masked. */
export function painted(
  stretches: readonly Stretch[],
  mask: readonly Span[],
  state: ServiceState,
): Stretch[] {
  const result: Mutable<Stretch>[] = [];
  together(stretches, mask, stretches, [], (one, isMasked, _other, _isMasked, fromUs, toUs) => {
    append(result, fromUs, toUs, isMasked ? state : one.state, one.cause);
    return true;
  });
  return result;
}

const RANK: Readonly<Record<ServiceState, number>> = { up: 0, waits: 1, degraded: 2, down: 3, dark: 4 };

/** At each moment the worse of the two. */
export function worseOf(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
  const result: Mutable<Stretch>[] = [];
  together(a, [], b, [], (one, _isMaskedA, other, _isMaskedB, fromUs, toUs) => {
    const { state, cause } = RANK[other.state] > RANK[one.state] ? other : one;
    append(result, fromUs, toUs, state, cause);
    return true;
  });
  return result;
}

/** What two masks have in common. */
export function intersection(a: readonly Span[], b: readonly Span[]): Span[] {
  return a.flatMap((one) =>
    b
      .filter((other) => overlap(one, other))
      .map((other) => ({ fromUs: Math.max(one.fromUs, other.fromUs), toUs: Math.min(one.toUs, other.toUs) })),
  );
}

type Visit = (
  one: Stretch,
  isMaskedA: boolean,
  other: Stretch,
  isMaskedB: boolean,
  fromUs: number,
  toUs: number,
) => boolean;

/**
 * Goes through two histories of the same run, cut at every boundary of both and of the masks, until `visit` gives false;
 * false then, else true.
 */
function together(
  a: readonly Stretch[],
  maskA: readonly Span[],
  b: readonly Stretch[],
  maskB: readonly Span[],
  visit: Visit,
): boolean {
  const coverA = disjoint(maskA);
  const coverB = disjoint(maskB);
  const endUs = Math.max(a.at(-1)!.toUs, b.at(-1)!.toUs);
  let [i, j, m, n] = [0, 0, 0, 0];
  for (let us = Math.min(a[0]!.fromUs, b[0]!.fromUs); us < endUs; ) {
    while (i < a.length - 1 && a[i]!.toUs <= us) i++;
    while (j < b.length - 1 && b[j]!.toUs <= us) j++;
    while (m < coverA.length && coverA[m]!.toUs <= us) m++;
    while (n < coverB.length && coverB[n]!.toUs <= us) n++;
    const toUs = Math.min(
      endUs,
      boundaryAfter(a[i], us),
      boundaryAfter(b[j], us),
      boundaryAfter(coverA[m], us),
      boundaryAfter(coverB[n], us),
    );
    if (!visit(a[i]!, begun(coverA[m], us), b[j]!, begun(coverB[n], us), us, toUs)) return false;
    us = toUs;
  }
  return true;
}

/** The next boundary of a span after a moment. */
function boundaryAfter(span: Span | undefined, us: number): number {
  if (span === undefined || span.toUs <= us) return Number.POSITIVE_INFINITY;
  return span.fromUs > us ? span.fromUs : span.toUs;
}

function begun(span: Span | undefined, us: number): boolean {
  return span !== undefined && span.fromUs <= us;
}

/** The same moments in the order of time, none twice. */
function disjoint(spans: readonly Span[]): Span[] {
  const result: Mutable<Span>[] = [];
  for (const { fromUs, toUs } of spans.toSorted((x, y) => x.fromUs - y.fromUs)) {
    const last = result.at(-1);
    if (last !== undefined && fromUs <= last.toUs) last.toUs = Math.max(last.toUs, toUs);
    else result.push({ fromUs, toUs });
  }
  return result;
}

export function overlap(a: Span, b: Span): boolean {
  return a.fromUs < b.toUs && b.fromUs < a.toUs;
}

/** Whether spans of two lists, each in the order of time and without overlaps, have a moment in common. */
export function meet(a: readonly Span[], b: readonly Span[]): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (overlap(a[i]!, b[j]!)) return true;
    if (a[i]!.toUs <= b[j]!.toUs) i++;
    else j++;
  }
  return false;
}

export function lengthUs(span: Span): number {
  return span.toUs - span.fromUs;
}

export function totalUs(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + lengthUs(span), 0);
}

export function longestOf<T extends Span>(spans: readonly T[]): T {
  return spans.reduce((longest, each) => (lengthUs(each) > lengthUs(longest) ? each : longest));
}
