/** Variants of one question against each other, run by run under the same luck. */
import type { Scenario } from '../scenario.ts';
import { type Figure, type PairedDifference, toldWord, type Word } from './decisions.ts';
import type { Engine } from './engine.ts';
import { type ExactFigure, exactFigures, exactKey } from './exact-figures.ts';
import { commonFigures, type Measured } from './figures.ts';
import { type OutcomeRows, type RunOutcome, rowsOf } from './outcome.ts';
import { pairedDifference } from './paired.ts';
import { type DifferenceStanding, standingOf } from './standing.ts';
import { STOP_CONFIDENCE, type Stopping } from './stopping.ts';
import type { Study } from './study.ts';
import { type SweepOptions, type SweepResult, sweep } from './sweep.ts';

export interface Comparison {
  readonly result: SweepResult;
  /** Index into the study's variants. */
  readonly baseline: number;
  /** Runs that every variant has. */
  readonly runs: number;
  /** By variant in the order of the study (the baseline left out), then by figure. */
  readonly differences: readonly PairedDifference[];
  /** Every headline has its word, by the runs or by exact analysis. */
  readonly decided: boolean;
}

export interface CompareOptions extends Omit<SweepOptions, 'isEnough'> {
  /** Index into the study's variants; the first by default. */
  readonly baseline?: number;
}

/**
 * Whether every headline is decided: has its word, or an interval that is that narrow a share of the baseline's figure.
 * To be asked at fixed numbers of runs (sweep's isEnough).
 */
export function isDecided(
  study: Study,
  baseline: number,
  precision: number,
): (outcomes: readonly (readonly RunOutcome[])[]) => boolean {
  const rows = study.variants.map(({ scenario }) => rowsOf(scenario));
  return (outcomes) =>
    headlines(differencesOf(study, rows, outcomes, baseline, STOP_CONFIDENCE, true)).every((difference) =>
      isSettled(difference, precision),
    );
}

/**
 * Runs the study until it is decided, or until the runs, the budget or the user end it.
 *
 * @throws RangeError where the time basis of the variants is `apart`: no figure of theirs is comparable
 */
export async function compare(
  study: Study,
  engine: Engine,
  stopping: Stopping,
  { baseline = 0, ...options }: CompareOptions = {},
): Promise<Comparison> {
  const isEnough = isDecided(study, baseline, stopping.precision ?? 0);
  return comparisonOf(await sweep(study, engine, stopping, { ...options, isEnough }), baseline);
}

export function comparisonOf(result: SweepResult, baseline = 0): Comparison {
  const { study, rows, outcomes } = result;
  const differences = differencesOf(study, rows, outcomes, baseline);
  return {
    result,
    baseline,
    runs: sharedRuns(outcomes),
    differences,
    decided: headlines(differences).every((each) => toldWord(each).word !== 'cannot tell yet'),
  };
}

/** The figures that a verdict is about: each system's unavailability, of its main operation from its widest vantage. */
export function headlines(differences: readonly PairedDifference[]): PairedDifference[] {
  return differences.filter(({ figure }) => figure.headline);
}

/** The words of several figures as one: what all agree on, or what most is open. `mixed`: some better, some worse. */
export function commonWord(words: readonly Word[]): Word | 'mixed' {
  const better = words.includes('better');
  const worse = words.includes('worse');
  if (better && worse) return 'mixed';
  if (better || worse) return better ? 'better' : 'worse';
  return words.includes('cannot tell yet') ? 'cannot tell yet' : 'the same';
}

function isSettled({ word, difference, baselineEstimate }: PairedDifference, precision: number): boolean {
  if (word !== 'cannot tell yet') return true;
  const half = (difference.upper - difference.lower) / 2;
  return baselineEstimate.value > 0 && half <= precision * baselineEstimate.value;
}

function differencesOf(
  study: Study,
  rows: readonly OutcomeRows[],
  outcomes: readonly (readonly RunOutcome[])[],
  baseline: number,
  confidence?: number,
  headlinesOnly = false,
): PairedDifference[] {
  const runs = sharedRuns(outcomes);
  if (runs === 0) return [];
  const measured = study.variants.map(({ name }, i): Measured & { name: string } => ({
    name,
    rows: rows[i]!,
    outcomes: outcomes[i]!.slice(0, runs),
  }));
  return measured.flatMap((variant, i) =>
    i === baseline
      ? []
      : commonFigures(
          [baseline, i].map((at) => ({ rows: rows[at]!, scenario: study.variants[at]!.scenario })),
          study.variants.map(({ scenario }) => scenario),
        )
          .filter(({ headline }) => headline || !headlinesOnly)
          .map((figure) => {
            const found = pairedDifference(figure, measured[baseline]!, variant, confidence);
            return withExact(found, study.variants[baseline]!.scenario, study.variants[i]!.scenario);
          }),
  );
}

/** Of a figure in both variants; null where one has no exact answer. */
function exactPair(
  figure: Figure,
  baseline: Scenario,
  variant: Scenario,
): readonly [before: ExactFigure, after: ExactFigure] | null {
  if (figure.metric !== 'unavailability' && figure.metric !== 'unavailable-time') return null;
  const [before, after] = [baseline, variant].map((one) => {
    const share = exactFigures(one).get(exactKey({ ...figure, metric: 'unavailability' }));
    if (share === undefined || figure.metric === 'unavailability') return share;
    const { durationUs } = one.run;
    return {
      // Whole microseconds, as the runs have: equal scripts are equal.
      value: Math.round(share.value * durationUs),
      least: share.least * durationUs,
      most: share.most * durationUs,
    };
  });
  return before === undefined || after === undefined ? null : [before, after];
}

/** What exact analysis says by itself, where the ranges for what it leaves out do not overlap. */
function exactWord([before, after]: readonly [ExactFigure, ExactFigure]): Word {
  if (after.most < before.least) return 'better';
  return after.least > before.most ? 'worse' : 'cannot tell yet';
}

/** The worst first. */
const STANDINGS: readonly DifferenceStanding[] = ['differs', 'missed', 'too-few', 'besides', 'agrees'];

/**
 * No word on the strength of rare outages that these runs have not met yet, unless exact analysis says the same; and no
 * number of further runs, which would be told from what has been met.
 */
function withExact(found: PairedDifference, baseline: Scenario, variant: Scenario): PairedDifference {
  const pair = exactPair(found.figure, baseline, variant);
  if (pair === null) return found;
  const [before, after] = pair;
  const own: DifferenceStanding[] = [
    standingOf(found.baselineEstimate, before),
    standingOf(found.variantEstimate, after),
  ];
  const { lower, upper } = found.difference;
  const exactly = after.value - before.value;
  if (exactly < lower || exactly > upper) own.push('besides');
  const standing = STANDINGS.find((each) => own.includes(each))!;
  const exact = { baseline: before.value, variant: after.value, word: exactWord(pair), standing };
  if (standing !== 'missed') return { ...found, exact };
  const unfounded = (found.word === 'better' || found.word === 'worse') && found.word !== exact.word;
  return { ...found, exact, word: unfounded ? 'cannot tell yet' : found.word, moreRuns: null };
}

/** A budget may leave one variant some runs behind: pairs are what both have. */
function sharedRuns(outcomes: readonly (readonly RunOutcome[])[]): number {
  return outcomes.reduce((least, each) => Math.min(least, each.length), Number.POSITIVE_INFINITY);
}
