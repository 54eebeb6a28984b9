/** One input at a time, and one component perfect at a time: what an answer hangs on. */
import type { Scenario } from '../../scenario.ts';
import { votingSystems } from '../../systems/system-spec.ts';
import type { Estimate, Figure, ImportanceRow, TornadoEnd, TornadoRow } from '../decisions.ts';
import { commonFigures, type FigureSource } from '../figures.ts';
import { type RunOutcome, rowsOf } from '../outcome.ts';
import { pairedDifference } from '../paired.ts';
import { Screen } from '../plan/screen.ts';
import type { Study, Variant } from '../study.ts';
import type { SweepResult } from '../sweep.ts';
import { isNever } from '../time-basis.ts';
import type { Component } from './components.ts';
import type { Input, InputValue } from './inputs.ts';

/** What is varied, and which variant of the study stands for what. */
export interface SensitivityPlan {
  readonly study: Study;
  readonly inputs: readonly { readonly input: Input; readonly low: number; readonly high: number }[];
  readonly components: readonly { readonly component: Component; readonly variant: number }[];
}

export interface Sensitivity {
  readonly result: SweepResult;
  /** Runs behind every row. 0: not one input or component has a run of all that it takes. */
  readonly runs: number;
  /** Inputs and components that are left out: an interrupt or a budget came before the first run of what they take. */
  readonly leftOut: readonly string[];
  /** By figure in the order of the scenario, the largest swing first. */
  readonly tornado: readonly TornadoRow[];
  /** By figure, what removes most first. */
  readonly importance: readonly ImportanceRow[];
}

/** Says an input's value in words: `45 d`, `x 0.5`. Reports know how. */
export type ValueWords = (value: InputValue) => string;

const AS_IT_STANDS = 'as it stands';

/** The scenario as it stands is variant 0; an end that changes nothing is that too. */
export function planSensitivity(
  scenario: Scenario,
  seed: Study['seed'],
  inputs: readonly Input[],
  components: readonly Component[],
): SensitivityPlan {
  const variants: Variant[] = [{ name: AS_IT_STANDS, settings: {}, scenario }];
  const known = new Map([[JSON.stringify(scenario), 0]]);
  const add = (name: string, changed: Scenario): number => {
    const key = JSON.stringify(changed);
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, variants.length);
    return variants.push({ name, settings: {}, scenario: changed }) - 1;
  };
  return {
    inputs: inputs.map((input) => ({
      input,
      low: add(`${input.name}: low`, input.low.scenario),
      high: add(`${input.name}: high`, input.high.scenario),
    })),
    components: components.map((component) => ({
      component,
      variant: add(`${component.name} perfect`, component.perfect),
    })),
    study: { variants, seed },
  };
}

/** Whether the unavailability of every system, as the scenario stands, is known within `precision` of itself. */
export function isSensitivityPrecise(
  { study }: SensitivityPlan,
  precision: number,
): (outcomes: readonly (readonly RunOutcome[])[]) => boolean {
  const { name, scenario } = study.variants[0]!;
  const source = { name, scenario, rows: rowsOf(scenario) };
  return (outcomes) => {
    const own = { ...source, outcomes: outcomes[0]! };
    return headlinesOf(source).every((figure) => {
      const { value, lower, upper } = pairedDifference(figure, own, own).baselineEstimate;
      return (upper - lower) / 2 <= precision * value;
    });
  };
}

export function sensitivityOf(plan: SensitivityPlan, words: ValueWords, result: SweepResult): Sensitivity {
  const { inputs, components, leftOut, runs } = finished(plan, result);
  if (runs === 0) return { result, runs, leftOut, tornado: [], importance: [] };
  const measured = result.study.variants.map(({ name, scenario }, i) => ({
    name,
    scenario,
    rows: result.rows[i]!,
    outcomes: result.outcomes[i]!.slice(0, runs),
  }));
  const base = measured[0]!;
  const figures = commonFigures([base]).filter(
    ({ headline, metric, system }) =>
      headline || (metric === 'failover-p99' && votes(plan.study.variants[0]!.scenario, system)),
  );
  const tornado = figures.flatMap((figure) => {
    const rows = inputs.map(({ input, low, high }): TornadoRow => {
      const end = (at: number, value: InputValue): TornadoEnd => {
        const { variantEstimate, difference, word } = pairedDifference(figure, base, measured[at]!);
        return { label: words(value), estimate: variantEstimate, difference, word };
      };
      const ends = { low: end(low, input.low.value), high: end(high, input.high.value) };
      const size = ({ difference }: TornadoEnd) => Math.abs(finite(difference));
      return {
        input: input.name,
        kind: input.kind,
        figure,
        ...ends,
        swing: Math.max(size(ends.low), size(ends.high)),
      };
    });
    return rows.sort((a, b) => b.swing - a.swing);
  });
  const { scenario } = plan.study.variants[0]!;
  const exact = new ExactShares(scenario);
  const importance = headlinesOf(base).flatMap((figure) => {
    const rows = components.map(({ component, variant }): ImportanceRow => {
      const { baselineEstimate, difference, word } = pairedDifference(figure, base, measured[variant]!);
      return {
        component: component.name,
        kind: component.kind,
        figure,
        difference,
        word,
        share: baselineEstimate.value > 0 ? -difference.value / baselineEstimate.value : null,
        exactShare: exact.of(figure.system, component.perfect),
      };
    });
    return rows.sort((a, b) => finite(a.difference) - finite(b.difference));
  });
  return { result, runs, leftOut, tornado, importance };
}

/** What has a run of all that it takes, and how many all of that has. */
function finished(
  plan: SensitivityPlan,
  { outcomes }: SweepResult,
): Pick<SensitivityPlan, 'inputs' | 'components'> & { leftOut: readonly string[]; runs: number } {
  const done = (at: number) => outcomes[0]!.length > 0 && outcomes[at]!.length > 0;
  const inputs = plan.inputs.filter(({ low, high }) => done(low) && done(high));
  const components = plan.components.filter(({ variant }) => done(variant));
  const leftOut = [
    ...plan.inputs.filter((each) => !inputs.includes(each)).map(({ input }) => input.name),
    ...plan.components.filter((each) => !components.includes(each)).map(({ component }) => component.name),
  ];
  const used = [
    ...inputs.flatMap(({ low, high }) => [low, high]),
    ...components.map(({ variant }) => variant),
  ];
  const runs = used.length === 0 ? 0 : Math.min(...[0, ...used].map((at) => outcomes[at]!.length));
  return { inputs, components, leftOut, runs };
}

function headlinesOf(source: FigureSource): Figure[] {
  return commonFigures([source]).filter(({ headline }) => headline);
}

function votes({ systems }: Scenario, name: string): boolean {
  return systems.some((spec) => spec.name === name && spec.kind !== 'gossip');
}

function finite({ value }: Estimate): number {
  return Number.isFinite(value) ? value : 0;
}

/** The share of the time without a quorum that goes with a component's failures, by analysis of what fails by itself. */
class ExactShares {
  readonly #scenario: Scenario;
  readonly #before = new Map<string, number | null>();

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  of(system: string, perfect: Scenario): number | null {
    if (!this.#before.has(system)) this.#before.set(system, withoutQuorum(system, this.#scenario));
    const before = this.#before.get(system)!;
    const after = withoutQuorum(system, perfect);
    return before === null || after === null || before === 0 ? null : 1 - after / before;
  }
}

/** null where it has no exact answer: a script, faults that strike links or moving targets, nothing that fails by itself. */
function withoutQuorum(system: string, scenario: Scenario): number | null {
  const spec = votingSystems(scenario.systems).find(({ name }) => name === system);
  const scripted = scenario.faults.some(({ start }) => start.kind !== 'every' && !isNever(start));
  if (spec === undefined || scripted) return null;
  const screen = new Screen(scenario, []);
  if (screen.fates.leftOut.length > 0) return null;
  if (screen.fates.assumed) return scenario.faults.length === 0 ? null : 0;
  const voters = spec.members.map((name) => ({
    name,
    place: scenario.world.nodes.find((node) => node.name === name)!.place,
    pFail: screen.fates.node.get(name) ?? 0,
  }));
  return screen.withoutQuorum(voters);
}
