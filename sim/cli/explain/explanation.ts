/** What can be said of a scenario without a run, as one document: what `zonefall explain --json` prints. */
import { type Concentration, singlePointsOfFailure, votersByZone } from '../../exact/concentration.ts';
import { type Cost, costOf } from '../../exact/cost.ts';
import { checkLinks, type LinkCheck } from '../../exact/link-check.ts';
import { type Loss, lossesOf } from '../../exact/losses.ts';
import { majorityOdds, type Odds, quorumOf, toleratedFailures } from '../../exact/majority.ts';
import { Ground } from '../../exact/remains.ts';
import { type Survival, survival } from '../../exact/survival.ts';
import { sourceOf, type Timers, timersOf } from '../../exact/timers.ts';
import { zoneLayoutOdds } from '../../exact/zone-layout.ts';
import { exactFigures, exactKey } from '../../experiments/exact-figures.ts';
import { mainRow } from '../../experiments/main-row.ts';
import { rowsOf } from '../../experiments/outcome.ts';
import { timeBasisOf } from '../../experiments/time-basis.ts';
import type { FaultSpec } from '../../faults/fault-spec.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type { ObjectiveSpec } from '../../measures/objectives.ts';
import type { Scenario } from '../../scenario.ts';
import { createSystem } from '../../systems/create.ts';
import { type SystemSpec, type VotingSpec, votingSystems } from '../../systems/system-spec.ts';
import { World } from '../../world/world.ts';
import { VERSION } from '../version.ts';
import { type Forecast, forecasts } from './forecast.ts';

/** Raised when a reader of the old shape would misread the new one; keys may be added without. */
export const EXPLANATION_VERSION = 1;

/** For the odds: a node is down this share of the time, and a zone as a whole this share. */
export const P_NODE = 0.01;
export const P_ZONE = 0.001;

export interface SystemExplanation {
  readonly name: string;
  readonly kind: VotingSpec['kind'];
  readonly profile: string;
  /** Where the profile's constants were read. */
  readonly source: string;
  readonly changed: boolean;
  readonly members: readonly string[];
  readonly learners: readonly string[];
  readonly quorum: number;
  /** How many voters may fail, whichever they are. */
  readonly tolerates: number;
  readonly votersByZone: readonly { readonly zone: string; readonly voters: number }[];
  readonly singlePointsOfFailure: readonly Concentration[];
  /** What users lose with it. */
  readonly impact: readonly string[];
  readonly timers: Timers;
  readonly links: LinkCheck;
  /** Exact: a majority of members that fail on their own, and of members that share the fate of their zones besides. */
  readonly odds: {
    readonly pNode: number;
    readonly pZone: number;
    readonly majority: Odds;
    readonly zones: Odds;
  };
}

/** A system without votes: no question of quorum can be asked of it. */
export interface OtherExplanation {
  readonly name: string;
  readonly kind: SystemSpec['kind'];
  readonly profile: string;
  readonly members: readonly string[];
  readonly impact: readonly string[];
}

export interface LossExplanation {
  readonly level: Loss['level'];
  readonly names: readonly string[];
  readonly sameAs: readonly string[];
  readonly nodes: readonly string[];
  readonly systems: readonly Survival[];
}

/** By exact analysis of the failures that the scenario states, in its run; elections come on top. */
export interface ExpectedShare {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  readonly unavailability: number;
}

export interface Explanation {
  readonly schemaVersion: typeof EXPLANATION_VERSION;
  readonly tool: { readonly name: 'zonefall'; readonly version: string };
  readonly title: string;
  readonly description: string;
  /** Those that vote. */
  readonly systems: readonly SystemExplanation[];
  readonly others: readonly OtherExplanation[];
  /** Of each member, each place that holds one, and each two zones where these are few. */
  readonly losses: readonly LossExplanation[];
  readonly timeline: readonly (Forecast & Pick<FaultSpec, 'name' | 'start' | 'repeat' | 'duration'>)[];
  readonly objectives: readonly Pick<ObjectiveSpec, 'text'>[];
  /** One for each system; empty where the scenario states no failures that go on by chance, or has no exact answer. */
  readonly expected: readonly ExpectedShare[];
  /** What times of `expected` are told by: a year, or one run where a script is played, which is no sample of a year. */
  readonly toldBy: { readonly kind: 'year' } | { readonly kind: 'run'; readonly durationUs: number };
  readonly cost: Cost;
}

export function explain(scenario: Scenario): Explanation {
  const ground = new Ground(scenario.world);
  return {
    schemaVersion: EXPLANATION_VERSION,
    tool: { name: 'zonefall', version: VERSION },
    title: scenario.title,
    description: scenario.description,
    systems: votingSystems(scenario.systems).map((spec) => explainSystem(scenario, spec, ground)),
    others: scenario.systems
      .filter((spec) => !votingSystems(scenario.systems).some((voting) => voting === spec))
      .map((spec) => {
        const { name, kind, profile, members } = spec;
        return { name, kind, profile, members, impact: impactOf(scenario, spec) };
      }),
    losses: lossesOf(scenario, ground).map(({ level, names, sameAs, nodes, darkZones }) => {
      const remains = ground.without(new Set(nodes), new Set(darkZones));
      const systems = votingSystems(scenario.systems).map((spec) => survival(spec, remains));
      return { level, names, sameAs, nodes, systems };
    }),
    timeline: forecasts(scenario).map((forecast) => {
      const { name, start, repeat, duration } = scenario.faults[forecast.index]!;
      return { ...forecast, name, start, repeat, duration };
    }),
    objectives: scenario.objectives.map(({ text }) => ({ text })),
    expected: expectedShares(scenario),
    toldBy: toldBy(scenario),
    cost: costOf(scenario),
  };
}

function toldBy(scenario: Scenario): Explanation['toldBy'] {
  return timeBasisOf([scenario]).kind === 'year'
    ? { kind: 'year' }
    : { kind: 'run', durationUs: scenario.run.durationUs };
}

function expectedShares(scenario: Scenario): ExpectedShare[] {
  const rows = rowsOf(scenario);
  const exact = exactFigures(scenario);
  const found = votingSystems(scenario.systems).flatMap(({ name }): ExpectedShare[] => {
    const row = rows.operations[mainRow(scenario, rows, name)];
    if (row === undefined) return [];
    const figure = exact.get(exactKey({ ...row, metric: 'unavailability' }));
    const { system, operation, vantage } = row;
    return figure === undefined ? [] : [{ system, operation, vantage, unavailability: figure.value }];
  });
  const byChance = scenario.faults.some(({ start }) => start.kind === 'every');
  return byChance || found.some(({ unavailability }) => unavailability > 0) ? found : [];
}

function explainSystem(scenario: Scenario, spec: VotingSpec, ground: Ground): SystemExplanation {
  const { name, kind, profile, members, learners } = spec;
  const byZone = votersByZone(spec, ground);
  return {
    name,
    kind,
    profile,
    ...sourceOf(spec),
    members,
    learners,
    quorum: quorumOf(members.length),
    tolerates: toleratedFailures(members.length),
    votersByZone: byZone,
    singlePointsOfFailure: singlePointsOfFailure(scenario, spec, ground),
    impact: impactOf(scenario, spec),
    timers: timersOf(spec),
    links: checkLinks(spec, ground),
    odds: {
      pNode: P_NODE,
      pZone: P_ZONE,
      majority: majorityOdds(members.length, P_NODE),
      zones: zoneLayoutOdds(
        byZone.map(({ voters }) => voters),
        P_ZONE,
        P_NODE,
      ),
    },
  };
}

/** Only a system in a world knows what its members stand for. */
function impactOf(scenario: Scenario, spec: SystemSpec): readonly string[] {
  const kernel = new Kernel(0);
  return createSystem(kernel, new World(kernel, scenario.world), spec).impact;
}
