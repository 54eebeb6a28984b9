/** Simulates the options that a search left, under the same luck, and says which to take. */

import type { Scenario } from '../../scenario.ts';
import {
  type Estimate,
  type Figure,
  isSlight,
  type PairedDifference,
  type ParetoPoint,
  toldUnavailability,
} from '../decisions.ts';
import { type ExactFigure, exactFigures, exactKey } from '../exact-figures.ts';
import { commonFigures, type FigureSource, failoversByRun, type Measured, valuesByRun } from '../figures.ts';
import { judgeRuns, overall } from '../objectives.ts';
import { type RunOutcome, rowsOf } from '../outcome.ts';
import { failoverEstimate, pairedDifference } from '../paired.ts';
import { isExactBetter, standingOf } from '../standing.ts';
import { meanInterval } from '../statistics/index.ts';
import type { Study } from '../study.ts';
import type { SweepResult } from '../sweep.ts';
import type { Candidate } from './search.ts';

/** An option as the search judged it, with its name and what makes it of the file. */
export interface NamedCandidate {
  readonly candidate: Candidate;
  readonly name: string;
  readonly set: readonly string[];
}

/** Which rule chose. */
export type ChoiceRule =
  /** The cheapest of those that pass every objective. */
  | 'cheapest-that-passes'
  /** None passes for certain: of those that do not fail, the one with the least unavailability. */
  | 'best-that-may-pass'
  /** All fail: the one with the least unavailability. */
  | 'best-of-those-that-fail'
  /** No objectives: the cheapest that cannot be told from the one with the least unavailability, or is within a tenth of it. */
  | 'cheapest-near-the-best';

export interface PlanResult {
  readonly result: SweepResult;
  /** Runs that every option has. */
  readonly runs: number;
  /** In the order of the study: cheapest first. */
  readonly points: readonly ParetoPoint[];
  /** null before the first run. */
  readonly choice: { readonly rule: ChoiceRule; readonly point: ParetoPoint } | null;
  /** The chosen one against the file as it stands, by system; empty when they are the same or the file's own was not simulated. */
  readonly againstCurrent: readonly PairedDifference[];
}

/** Whether the unavailability of every option is known within `precision` of itself. To be asked at fixed numbers of runs. */
export function isPlanPrecise(
  study: Study,
  systems: readonly string[],
  precision: number,
): (outcomes: readonly (readonly RunOutcome[])[]) => boolean {
  const sources = study.variants.map(({ name, scenario }) => ({ name, scenario, rows: rowsOf(scenario) }));
  return (outcomes) =>
    sources.every((source, i) => {
      const { value, lower, upper } = worstUnavailability(
        { ...source, outcomes: outcomes[i]! },
        systems,
      ).estimate;
      return value > 0 && (upper - lower) / 2 <= precision * value;
    });
}

/** `result.study.variants[i]` is `options[i]`. */
export function planOf(
  result: SweepResult,
  options: readonly NamedCandidate[],
  systems: readonly string[],
): PlanResult {
  const { study, rows } = result;
  const runs = result.outcomes.reduce(
    (least, each) => Math.min(least, each.length),
    Number.POSITIVE_INFINITY,
  );
  if (runs === 0) return { result, runs, points: [], choice: null, againstCurrent: [] };
  const measured = study.variants.map(
    ({ name, scenario }, i): Named => ({
      name,
      scenario,
      rows: rows[i]!,
      outcomes: result.outcomes[i]!.slice(0, runs),
    }),
  );
  const points = options.map(({ candidate, name, set }, i): ParetoPoint => {
    const { scenario } = study.variants[i]!;
    const worst = worstUnavailability(measured[i]!, systems);
    return {
      name,
      set,
      cost: candidate.cost,
      exactUnavailability: worst.exact?.value ?? null,
      standing: worst.exact === null ? null : standingOf(worst.estimate, worst.exact),
      worstSystem: worst.figure.system,
      unavailability: worst.estimate,
      failoverUs: slowestFailover(measured[i]!, systems),
      onFront: false,
      objectives:
        scenario.objectives.length === 0
          ? null
          : overall(
              judgeRuns(scenario, rows[i]!, measured[i]!.outcomes, undefined, exactFigures(scenario)).map(
                ({ verdict }) => verdict,
              ),
            ),
      chosen: false,
      current: candidate.current && candidate.settings.length === 0,
      lacksQuorum: candidate.unavailability,
    };
  });
  const front = frontOf(points);
  const { rule, at } = choose(points, measured, systems);
  const marked = points.map((point, i) => ({ ...point, onFront: front.has(i), chosen: i === at }));
  const own = points.findIndex(({ current }) => current);
  return {
    result,
    runs,
    points: marked,
    choice: { rule, point: marked[at]! },
    againstCurrent: own < 0 || own === at ? [] : differences(measured[own]!, measured[at]!, systems),
  };
}

type Named = Measured & { readonly name: string; readonly scenario: Scenario };

function headlinesOf(variants: readonly FigureSource[], systems: readonly string[]) {
  return commonFigures(variants).filter(({ headline, system }) => headline && systems.includes(system));
}

interface WorstSystem {
  readonly figure: Figure;
  readonly estimate: Estimate;
  readonly exact: ExactFigure | null;
}

/** By the figure that is to be told of each. */
function worstUnavailability(measured: Named, systems: readonly string[]): WorstSystem {
  const all = headlinesOf([measured], systems).map((figure) => {
    const { estimate, lower, upper, n } = meanInterval(valuesByRun(figure, measured), undefined, {
      atMost: 1,
    });
    const exact = exactFigures(measured.scenario).get(exactKey(figure)) ?? null;
    return { figure, estimate: { value: estimate, lower, upper, n }, exact };
  });
  const told = ({ estimate, exact }: WorstSystem) =>
    exact !== null && isExactBetter(standingOf(estimate, exact)) ? exact.value : estimate.value;
  // Where failures alone are the same, elections tell.
  return all.reduce((worst, one) => {
    const more = told(one) - told(worst);
    return more > 0 || (more === 0 && one.estimate.value > worst.estimate.value) ? one : worst;
  });
}

function slowestFailover(measured: Measured, systems: readonly string[]): Estimate | null {
  const all = systems
    .filter((system) => measured.rows.systems.includes(system))
    .map((system) => failoverEstimate(failoversByRun(system, measured), true))
    .filter(({ n }) => n > 0);
  return all.length === 0 ? null : all.reduce((slowest, one) => (one.value > slowest.value ? one : slowest));
}

/** Less time down by less than this is no advantage. */
const SAME_DOWN = 1.02;
/** Nor is a failover shorter by less than this. */
const SAME_FAILOVER = 1.05;

/** Those that no other equals or beats in all of cost, unavailability and failover. */
function frontOf(points: readonly ParetoPoint[]): Set<number> {
  const failover = ({ failoverUs }: ParetoPoint) => failoverUs?.value ?? 0;
  const down = (point: ParetoPoint) => toldUnavailability(point).value;
  const beats = (a: ParetoPoint, b: ParetoPoint) =>
    a.cost <= b.cost &&
    down(a) <= down(b) * SAME_DOWN &&
    failover(a) <= failover(b) * SAME_FAILOVER &&
    (a.cost < b.cost || down(a) * SAME_DOWN < down(b) || failover(a) * SAME_FAILOVER < failover(b));
  return new Set(points.flatMap((point, i) => (points.some((other) => beats(other, point)) ? [] : [i])));
}

/** Not worth money: within this of the least unavailability there is. */
const NEAR = 1.1;
/** As far as this only where the runs cannot tell the two apart. */
const NEAR_UNTOLD = 2;

function choose(
  points: readonly ParetoPoint[],
  measured: readonly Named[],
  systems: readonly string[],
): { rule: ChoiceRule; at: number } {
  const all = points.map((_, i) => i);
  const least = (indices: readonly number[], ...keys: ((point: ParetoPoint) => number)[]) =>
    [...indices].sort((a, b) => {
      for (const key of keys) {
        const difference = key(points[a]!) - key(points[b]!);
        if (difference !== 0) return difference;
      }
      return a - b;
    })[0]!;
  const cost = (point: ParetoPoint) => point.cost;
  const unavailability = (point: ParetoPoint) => toldUnavailability(point).value;
  const failover = (point: ParetoPoint) => point.failoverUs?.value ?? 0;
  /** The file as it stands, where it is one of them, costs no more, and nothing says that it is worse: a move is work. */
  const ownOr = (at: number, those: readonly number[]) => {
    const own = points.findIndex(({ current }) => current);
    if (own === at || !those.includes(own) || cost(points[own]!) > cost(points[at]!)) return at;
    const moves = differences(measured[own]!, measured[at]!, systems).some(
      (found) => found.word === 'better' && !isSlight(found),
    );
    const exactly = unavailability(points[own]!) > NEAR_UNTOLD * unavailability(points[at]!);
    return moves || exactly ? at : own;
  };
  const verdict = (one: ParetoPoint['objectives']) => all.filter((i) => points[i]!.objectives === one);
  if (points.some(({ objectives }) => objectives !== null)) {
    const passing = verdict('pass');
    if (passing.length > 0) {
      const at = least(passing, cost, unavailability, failover);
      return { rule: 'cheapest-that-passes', at: ownOr(at, passing) };
    }
    const open = verdict('inconclusive');
    return open.length > 0
      ? { rule: 'best-that-may-pass', at: least(open, unavailability, cost, failover) }
      : { rule: 'best-of-those-that-fail', at: least(all, unavailability, cost, failover) };
  }
  const best = least(all, unavailability, cost, failover);
  const near = all.filter((i) => {
    const ratio = unavailability(points[i]!) / unavailability(points[best]!);
    if (ratio <= NEAR || i === best) return true;
    const told = differences(measured[best]!, measured[i]!, systems).some(({ word }) => word === 'worse');
    return ratio <= NEAR_UNTOLD && !told;
  });
  return { rule: 'cheapest-near-the-best', at: ownOr(least(near, cost, unavailability, failover), near) };
}

function differences(baseline: Named, variant: Named, systems: readonly string[]): PairedDifference[] {
  return headlinesOf([baseline, variant], systems).map((figure) =>
    pairedDifference(figure, baseline, variant),
  );
}
