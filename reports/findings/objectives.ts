/** Objectives in words: the figure beside its limit, in the unit of the limit. */
import type { ObjectiveVerdict } from '../../sim/measures/objectives.ts';
import type { Run } from '../../sim/run.ts';
import { unitOf } from '../json/document.ts';
import { clean, count, exactDuration, integer, percent } from '../words.ts';
import { idleFaults, idleWords } from './idle-faults.ts';

export interface JudgedObjective {
  readonly word: 'PASS' | 'FAIL' | 'INCONCLUSIVE';
  readonly text: string;
  /** `98.93 %`, `13.2 s`, `none`. */
  readonly value: string;
  /** `limit 10 s`, written in the unit of the value. */
  readonly limit: string;
  readonly note: string;
}

export function judgedObjective(verdict: ObjectiveVerdict): JudgedObjective {
  const { objective, value, note } = verdict;
  const figure = figureIn(unitOf(objective.metric.kind));
  return {
    word: verdict.verdict.toUpperCase() as JudgedObjective['word'],
    text: clean(objective.text),
    value: value === null ? 'none' : figure(value),
    limit: `limit ${objective.comparison} ${figure(objective.limit)}`,
    note: clean(note),
  };
}

function figureIn(unit: ReturnType<typeof unitOf>): (value: number) => string {
  switch (unit) {
    case 'share':
      return percent;
    case 'us':
      return exactDuration;
    case 'count':
      return integer;
  }
}

/** What the verdict of a run rests on: its objectives, and the faults that were idle. */
export function verdictWords(run: Pick<Run, 'objectives' | 'faults' | 'scenario'>): string {
  const idle = idleWords(idleFaults(run));
  return idle === '' ? objectivesWords(run) : `${objectivesWords(run)}, but ${idle}`;
}

/** `1 of 4 objectives fails, 1 is inconclusive`, `all 3 objectives pass`, `no objectives are stated`. */
export function objectivesWords(run: Pick<Run, 'objectives'>): string {
  const total = run.objectives.length;
  if (total === 0) return 'no objectives are stated';
  const number = (word: string) => run.objectives.filter(({ verdict }) => verdict === word).length;
  if (total === 1)
    return `the objective ${{ pass: 'passes', fail: 'fails', inconclusive: 'is inconclusive' }[run.objectives[0]!.verdict]}`;
  const failed = number('fail');
  const unsure = number('inconclusive');
  if (failed + unsure === 0) return `all ${total} objectives pass`;
  const of = `of ${count(total, 'objective')}`;
  const parts: string[] = [];
  if (failed > 0) parts.push(`${failed} ${of} ${failed === 1 ? 'fails' : 'fail'}`);
  if (unsure > 0)
    parts.push(`${unsure} ${failed > 0 ? '' : `${of} `}${unsure === 1 ? 'is' : 'are'} inconclusive`);
  return parts.join(', ');
}
