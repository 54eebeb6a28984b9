/**
 * The exact answer beside the simulated one: how long each operation lacks what it needs by failures alone, where the
 * failures of a scenario are of a kind that can be computed. The time that elections take comes on top and is estimated.
 */
import {
  type ExpectedDowntime,
  expectedDowntimes,
  type StructureFunction,
} from '../../exact/expected-downtime.ts';
import { Ground } from '../../exact/remains.ts';
import type { Course } from '../../exact/renewal.ts';
import { chainShares } from '../../exact/repair-chain.ts';
import { concerns, FAILURES_MAX, structuresOf, type Watch } from '../../exact/structure.ts';
import type { Scenario } from '../../scenario.ts';
import { type VotingSpec, votingSystems } from '../../systems/system-spec.ts';
import {
  type Component,
  type Components,
  chainComponentOf,
  componentsOf,
  courseOfComponent,
} from './components.ts';
import { Damages } from './damages.ts';
import { electionTimes } from './elections.ts';

export type ExactMethod =
  /** Every set of failures of independent components. */
  | 'independent failures'
  /** A Markov chain: repair crews, or common causes that stop other clocks. */
  | 'Markov chain'
  /** Common causes with repairs that are not exponential, taken as independent: off by about the share of time they are down. */
  | 'nearly independent failures';

/** Of one operation from one vantage, over the run: from all up at its beginning to its end. */
export interface ExactAnswer {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  /** Mean share of the run in which the operation is down by failures alone; elections come on top. */
  readonly unavailability: number;
  /** The same of "not up": with the time in which only stale reads are to be had; null where it depends on who leads. */
  readonly notUp: number | null;
  /** Of `notUp`, as `least` and `most` below. */
  readonly notUpRange: readonly [least: number, most: number];
  /** What the share tends to in longer and longer runs; null where there is no such share. */
  readonly longRun: number | null;
  /** Expected times in a run at which failures take the operation away. */
  readonly outages: number;
  /**
   * An estimate, not exact: with the mean time of elections after a leader or a quorum was lost, as if no request could wait
   * for the next leader.
   */
  readonly withElections: number;
  /**
   * Where a simulation may come out: a request waits out the end of an outage within its deadline (below), and elections
   * take their longest (above).
   */
  readonly least: number;
  readonly most: number;
  readonly method: ExactMethod;
}

export interface ExactAnalysis {
  readonly answers: readonly ExactAnswer[];
  /** Systems without an answer, and why. */
  readonly without: readonly { readonly system: string; readonly why: string }[];
  /** Faults that take no node and no link away and are therefore not in the answers: where the scenario states them. */
  readonly harmless: readonly string[];
}

/** The answers that a scenario has; in the order of its systems, then operations and vantages. */
export function exactAnswers(scenario: Scenario): ExactAnswer[] {
  return [...exactAnalysis(scenario).answers];
}

export function exactAnalysis(scenario: Scenario): ExactAnalysis {
  const ground = new Ground(scenario.world);
  const parts = componentsOf(scenario, new Damages(scenario, ground));
  const watches = watchesOf(scenario, ground);
  const answers: ExactAnswer[] = [];
  const without: { system: string; why: string }[] = [];
  const voting = votingSystems(scenario.systems);
  for (const { name } of scenario.systems) {
    const spec = voting.find((one) => one.name === name);
    const found = spec === undefined ? 'it has no votes' : answersOf(scenario, spec, ground, parts, watches);
    if (typeof found === 'string') without.push({ system: name, why: found });
    else answers.push(...found);
  }
  return { answers, without, harmless: parts.harmless };
}

/** As the model measures: places of the levels that the scenario names and that hold a node, and nodes. */
function watchesOf({ vantages, world }: Scenario, ground: Ground): Watch[] {
  const places = (['region', 'datacenter', 'zone'] as const)
    .filter((level) => vantages.levels.includes(level))
    .flatMap((level) => world.places.filter((place) => place.level === level))
    .map(({ name }) => ({ vantage: name, from: ground.zonesIn(name) }))
    .filter(({ from }) => from.length > 0);
  const nodes = world.nodes
    .filter(({ name }) => vantages.levels.includes('node') || vantages.nodes.includes(name))
    .map(({ name }) => ({ vantage: name, from: [name] }));
  return [...places, ...nodes];
}

/** The answers of one system, or why it has none. */
function answersOf(
  scenario: Scenario,
  spec: VotingSpec,
  ground: Ground,
  { components, unknown }: Components,
  watches: readonly Watch[],
): ExactAnswer[] | string {
  const { durationUs } = scenario.run;
  const { operators } = scenario;
  if (unknown.length > 0) return `${unknown[0]!.origin}: ${unknown[0]!.why}`;
  if ((operators?.maintenance.length ?? 0) > 0) return 'maintenance is planned, which waits for a quorum';
  if (operators?.runbooks.some(({ system }) => system === spec.name) === true)
    return 'a runbook ends the loss of its quorum';
  const relevant = components.filter(
    ({ damage }) => damage !== null && concerns(spec, watches, damage),
  ) as (Component & { damage: NonNullable<Component['damage']> })[];
  if (relevant.length > FAILURES_MAX)
    return `${relevant.length} things that fail by themselves concern it; up to ${FAILURES_MAX} can be computed`;
  const structures = structuresOf(
    spec,
    ground,
    relevant.map(({ damage }) => damage),
    watches,
  );
  const depth = Math.max(0, ...structures.map(({ surelyDown }) => fewestFailures(surelyDown))) + 1;
  const calculate = calculator(scenario, relevant, components, depth);
  if (typeof calculate === 'string') return calculate;
  const leaderLosses = calculate.failures.reduce(
    (sum, failures, i) => sum + failures * shareOfVoters(spec, relevant[i]!.damage),
    0,
  );
  return structures.flatMap((structure): ExactAnswer[] => {
    const down = calculate.of(structure.surelyDown);
    const perhaps = calculate.of(structure.perhapsDown);
    if (!isSame(down.share, perhaps.share)) return [];
    const times = electionTimes(spec, structure.operation);
    const added = (failoverUs: number, againUs: number, { outages } = down) =>
      (leaderLosses * failoverUs + outages * againUs) / durationUs;
    const range = (lost: ExpectedDowntime): [least: number, most: number] => [
      Math.max(0, lost.share - (lost.outages * times.patienceUs) / durationUs),
      lost.share + added(times.failoverMostUs, times.againMostUs, lost),
    ];
    const notUp = calculate.of(structure.surelyNotUp);
    const [least, most] = range(down);
    return [
      {
        system: spec.name,
        operation: structure.operation,
        vantage: structure.vantage,
        unavailability: down.share,
        notUp: isSame(notUp.share, calculate.of(structure.perhapsNotUp).share) ? notUp.share : null,
        notUpRange: range(notUp),
        longRun: down.longRun,
        outages: down.outages,
        withElections: down.share + added(times.failoverMeanUs, times.againMeanUs),
        least,
        most,
        method: calculate.method,
      },
    ];
  });
}

interface Calculator {
  readonly method: ExactMethod;
  of(structure: StructureFunction): ExpectedDowntime;
  /** Expected failures of each component in the run. */
  readonly failures: readonly number[];
}

function calculator(
  scenario: Scenario,
  relevant: readonly Component[],
  all: readonly Component[],
  depth: number,
): Calculator | string {
  const { durationUs } = scenario.run;
  const crews = scenario.operators?.crews ?? [];
  // A crew that is never short of hands keeps nobody waiting.
  const scarce = crews.filter(
    ({ name, size }) => all.filter(({ life }) => life?.crew === name).length > size,
  );
  const waits = relevant.some(({ life }) => scarce.some(({ name }) => name === life?.crew));
  const held = relevant.some(({ life }) => (life?.members.length ?? 0) > 0);
  if (waits || held) {
    const chain = chainCalculator(relevant, all, scarce, durationUs, depth);
    if (chain !== null) return chain;
    if (waits)
      return 'repairs wait for a crew, and not all times are exponential, or there are too many states';
  }
  const courses = relevant.map((component) => courseOfComponent(component, durationUs));
  const lost = courses.indexOf(null);
  if (lost >= 0) return `${relevant[lost]!.origin}: it comes at constant intervals`;
  return independentCalculator(courses as Course[], durationUs, held);
}

function independentCalculator(courses: readonly Course[], durationUs: number, held: boolean): Calculator {
  const known = new Map<string, ExpectedDowntime>();
  const of = (structure: StructureFunction): ExpectedDowntime => {
    const key = structure.join('');
    let found = known.get(key);
    if (found === undefined) {
      found = expectedDowntimes([structure], courses, durationUs)[0]!;
      known.set(key, found);
    }
    return found;
  };
  return {
    method: held ? 'nearly independent failures' : 'independent failures',
    of,
    failures: courses.map(
      (course) => expectedDowntimes([Float64Array.of(0, 1)], [course], durationUs)[0]!.outages,
    ),
  };
}

/** null where a time is not exponential, or there are too many states. */
function chainCalculator(
  relevant: readonly Component[],
  all: readonly Component[],
  crews: readonly { readonly name: string; readonly size: number }[],
  durationUs: number,
  depth: number,
): Calculator | null {
  const names = crews.map(({ name }) => name);
  const rivals = all.filter(
    (one) => !relevant.includes(one) && one.life !== null && names.includes(one.life.crew ?? ''),
  );
  const chained = [...relevant, ...rivals];
  const parts = chained.map((component) => {
    const members = component.life?.members ?? [];
    const holds = chained.flatMap(({ life }, i) =>
      life !== null &&
      life.fault === component.life?.fault &&
      life.members.length === 0 &&
      members.includes(life.entity)
        ? [i]
        : [],
    );
    return chainComponentOf(component, names, holds);
  });
  if (parts.includes(null) || chained.length > FAILURES_MAX) return null;
  const sizes = crews.map(({ size }) => size);
  const exactParts = parts.map((part) => part!);
  let over: ReturnType<typeof chainShares>;
  let settled: ReturnType<typeof chainShares>;
  try {
    over = chainShares(exactParts, sizes, durationUs);
    settled = chainShares(exactParts, sizes, null);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  // Sets of more failures at once were left out: they must be rarer than what takes a quorum.
  if (Math.min(over.deepest, settled.deepest) < Math.min(depth, chained.length)) return null;
  const mask = (1 << relevant.length) - 1;
  const sum = (structure: StructureFunction, shares: Float64Array) =>
    shares.reduce((total, share, set) => total + share * structure[set & mask]!, 0);
  const of = (structure: StructureFunction): ExpectedDowntime => ({
    share: sum(structure, over.shares),
    outages:
      durationUs * over.flows((from, to) => Math.max(0, structure[to & mask]! - structure[from & mask]!)),
    longRun: sum(structure, settled.shares),
  });
  return {
    method: 'Markov chain',
    of,
    failures: relevant.map((_, i) => durationUs * over.flows((from, to) => (~from & to & (1 << i) ? 1 : 0))),
  };
}

function shareOfVoters(spec: VotingSpec, { nodes, cuts }: NonNullable<Component['damage']>): number {
  if (cuts.length > 0) return 1;
  return spec.members.filter((member) => nodes.includes(member)).length / spec.members.length;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(a, b);
}

/** How many failures at once it takes; 0 where none does. */
function fewestFailures(structure: StructureFunction): number {
  let fewest = Number.POSITIVE_INFINITY;
  structure.forEach((down, set) => {
    if (down === 0) return;
    let count = 0;
    for (let rest = set; rest !== 0; rest &= rest - 1) count++;
    fewest = Math.min(fewest, count);
  });
  return Number.isFinite(fewest) ? fewest : 0;
}
