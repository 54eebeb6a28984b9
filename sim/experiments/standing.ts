/** How what runs measured stands to the exact answer, and which of the two is to be believed. */
import type { Estimate } from './decisions.ts';
import type { ExactFigure } from './exact-figures.ts';

export type Standing =
  /** The interval and the range in which a right simulation may come out have a value in common, and the interval is narrow. */
  | 'agrees'
  /** They have, but the interval is so wide that this says nothing. */
  | 'too-few'
  /** The runs have met less than the exact answer knows to come: rare outages are still out. */
  | 'missed'
  /** The runs have met more of it: one of the two is wrong. */
  | 'differs';

/**
 * Of a difference. `besides`: the runs agree with both sides, but do not show this difference between them: it is as small as
 * what the runs lack (the rarest failures) or exact analysis leaves out (elections).
 */
export type DifferenceStanding = Standing | 'besides';

/** An interval that reaches further above a figure, or below it, than this many times says nothing about it. */
export const TELLING = 10;

export function standingOf(
  { lower, upper }: Pick<Estimate, 'lower' | 'upper'>,
  exact: ExactFigure,
): Standing {
  if (upper < exact.least) return 'missed';
  if (lower > exact.most) return 'differs';
  return upper > TELLING * exact.value || TELLING * lower < exact.least ? 'too-few' : 'agrees';
}

/** Whether the exact answer is the one to tell: the runs know less. */
export function isExactBetter(standing: DifferenceStanding | null): boolean {
  return standing === 'missed' || standing === 'too-few';
}
