/**
 * Twenty sweeps whose exact answers are known: intervals cover them about as often as they say. The luck is fixed, so this
 * passes or fails for good; what it would catch is shown by intervals that are made too narrow and too wide on purpose.
 */
import { beforeAll, expect, test } from 'vitest';
import { exactAnswers } from '../exact/answers.ts';
import { inlineEngine } from '../inline-engine.ts';
import { type Interval, meanInterval } from '../statistics/index.ts';
import { sweep } from '../sweep.ts';
import { KNOWN_QUESTIONS, type KnownQuestion } from './testing.ts';

interface Answered {
  readonly name: string;
  readonly exact: number;
  /** Share of each run in which writes are down. */
  readonly shares: readonly number[];
}

/** The twenty sweeps, made three times over with other luck: to tell how wide intervals are takes more than twenty. */
const LUCKS = [5, 6, 7];
const answered: Answered[][] = [];

beforeAll(async () => {
  for (const luck of LUCKS) {
    const own: Answered[] = [];
    for (const each of KNOWN_QUESTIONS) own.push(await answer(each, luck));
    answered.push(own);
  }
}, 900_000);

async function answer({ name, scenario, runs }: KnownQuestion, luck: number): Promise<Answered> {
  // Each question has luck of its own: alike questions would else have alike answers.
  const study = { variants: [{ name, settings: {}, scenario }], seed: `coverage ${luck} ${name}` };
  const { rows, outcomes } = await sweep(study, await inlineEngine(study), {
    runs,
    precision: null,
    budgetMs: null,
  });
  const row = rows[0]!.operations.findIndex(({ operation }) => operation === 'write');
  const exact = exactAnswers(scenario).find(({ operation }) => operation === 'write')!;
  const { durationUs } = scenario.run;
  return {
    name,
    exact: exact.unavailability,
    shares: outcomes[0]!.map(({ operations }) => operations[row]!.downUs / durationUs),
  };
}

/** How far the truth lies from the estimate: 1.96 at the end of the interval. `width` makes intervals wider than they are. */
function distance({ estimate, lower, upper }: Interval, truth: number, width: number): number {
  const end = truth > estimate ? upper - estimate : estimate - lower;
  return (1.96 * Math.abs(truth - estimate)) / (end * width);
}

function distances(questions: readonly Answered[], width = 1): number[] {
  return questions.map(({ exact, shares }) =>
    distance(meanInterval(shares, 0.95, { atMost: 1 }), exact, width),
  );
}

const covered = (values: readonly number[]) => values.filter((value) => value <= 1.96).length;
const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** One for intervals that are what they say. Of sixty it lies within these bounds, unless they are off by more than a fifth. */
const isCalibrated = (width: number) => {
  const spread = rootMeanSquare(distances(answered.flat(), width));
  return spread > 0.75 && spread < 1.25;
};

test('of twenty sweeps with an exact answer 17 to 20 intervals hold it', () => {
  for (const own of answered) {
    expect(own).toHaveLength(20);
    expect(covered(distances(own))).toBeGreaterThanOrEqual(17);
  }
});

test('intervals are neither too narrow nor too wide', () => {
  expect(isCalibrated(1)).toBe(true);
});

test('intervals too narrow or too wide by half would be caught', () => {
  expect(isCalibrated(1 / 1.5)).toBe(false);
  expect(isCalibrated(1.5)).toBe(false);
  expect(isCalibrated(0.5)).toBe(false);
});
