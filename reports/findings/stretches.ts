/** Histories of service as lists of stretches: the whole run, in order, neighbours differing in state. */
import type { TraceId } from '../../sim/kernel/trace.ts';
import type { AvailabilityInterval } from '../../sim/run.ts';

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
  const stretches: Stretch[] = [];
  for (const { fromUs, toUs, state, waits, cause } of intervals) {
    append(stretches, { fromUs, toUs, state: state === 'up' && waits ? 'waits' : state, cause });
  }
  return stretches;
}

function append(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1);
  if (last?.state === next.state) stretches[stretches.length - 1] = { ...last, toUs: next.toUs };
  else stretches.push(next);
}

/** Whether two histories are of the same state wherever neither is masked. */
export function agree(
  a: readonly Stretch[],
  maskA: readonly Span[],
  b: readonly Stretch[],
  maskB: readonly Span[],
): boolean {
  for (const { one, other, span } of together(a, b, [...maskA, ...maskB])) {
    if (one.state !== other.state && !covered(maskA, span) && !covered(maskB, span)) return false;
  }
  return true;
}

/** `a`, and `b` where only `a` is masked. */
export function filledIn(
  a: readonly Stretch[],
  maskA: readonly Span[],
  b: readonly Stretch[],
  maskB: readonly Span[],
): Stretch[] {
  const result: Stretch[] = [];
  for (const { one, other, span } of together(a, b, [...maskA, ...maskB])) {
    append(result, { ...(covered(maskA, span) && !covered(maskB, span) ? other : one), ...span });
  }
  return result;
}

/** The history with another state wherever it is masked. */
export function painted(
  stretches: readonly Stretch[],
  mask: readonly Span[],
  state: ServiceState,
): Stretch[] {
  const result: Stretch[] = [];
  for (const { one, span } of together(stretches, stretches, mask)) {
    append(result, { ...one, ...span, state: covered(mask, span) ? state : one.state });
  }
  return result;
}

const RANK: Readonly<Record<ServiceState, number>> = { up: 0, waits: 1, degraded: 2, down: 3, dark: 4 };

/** At each moment the worse of the two. */
export function worseOf(a: readonly Stretch[], b: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const { one, other, span } of together(a, b, [])) {
    append(result, { ...(RANK[other.state] > RANK[one.state] ? other : one), ...span });
  }
  return result;
}

/** What two masks have in common. */
export function intersection(a: readonly Span[], b: readonly Span[]): Span[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ fromUs: Math.max(one.fromUs, other.fromUs), toUs: Math.min(one.toUs, other.toUs) }))
      .filter((span) => span.fromUs < span.toUs),
  );
}

/** Two histories of the same run, cut at every boundary of both and of the masks. */
function* together(a: readonly Stretch[], b: readonly Stretch[], masks: readonly Span[]) {
  const cuts = [...a, ...b, ...masks].flatMap((span) => [span.fromUs, span.toUs]);
  const moments = [...new Set(cuts)].sort((x, y) => x - y);
  let i = 0;
  let j = 0;
  for (let k = 1; k < moments.length; k++) {
    const span = { fromUs: moments[k - 1]!, toUs: moments[k]! };
    while (i < a.length - 1 && a[i]!.toUs <= span.fromUs) i++;
    while (j < b.length - 1 && b[j]!.toUs <= span.fromUs) j++;
    yield { one: a[i]!, other: b[j]!, span };
  }
}

function covered(mask: readonly Span[], span: Span): boolean {
  return mask.some((each) => each.fromUs <= span.fromUs && span.toUs <= each.toUs);
}

export function overlap(a: Span, b: Span): boolean {
  return a.fromUs < b.toUs && b.fromUs < a.toUs;
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
