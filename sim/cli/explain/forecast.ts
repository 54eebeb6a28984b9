/**
 * What a fault of the scenario will do, by itself and once every time-out has run: the fault's own code changes a scratch
 * world, and quorum arithmetic judges what is left. Where it depends on who leads, or on a draw, every way is tried.
 */

import { Ground, type Remains } from '../../exact/remains.ts';
import { type Survival, survival } from '../../exact/survival.ts';
import { type Timers, timersOf } from '../../exact/timers.ts';
import type { FaultContext } from '../../faults/fault.ts';
import { type FaultSpec, LINK_FAULTS, type SpikeShape } from '../../faults/fault-spec.ts';
import { beginFault, faultTitle } from '../../faults/kinds.ts';
import { Selection } from '../../faults/selection.ts';
import { selectorWords } from '../../faults/words.ts';
import { quantile } from '../../kernel/distribution.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE } from '../../kernel/trace.ts';
import { withUsers } from '../../measures/vantage.ts';
import type { Scenario } from '../../scenario.ts';
import type { System } from '../../systems/system.ts';
import { type SystemSpec, type VotingSpec, votingSystems } from '../../systems/system-spec.ts';
import { World } from '../../world/world.ts';
import { everyWay } from './ways.ts';

/** What slower links do to a system's timers. */
export interface Slowdown {
  readonly system: string;
  /** The longest silence that a follower hears when it begins: a heartbeat interval and what is added one way. */
  readonly silenceUs: number;
  /** Round trip between the slowest pair of voters while it lasts. */
  readonly rttUs: number;
  /** Against the least time that a follower, or a connection, waits. */
  readonly effect: 'holds' | 'may elect' | 'elects' | 'cannot elect';
}

export interface Forecast {
  /** Index into the scenario's faults. */
  readonly index: number;
  readonly title: string;
  /** Nodes it touches, where this is the same in every way; else how many. */
  readonly nodes: readonly string[] | null;
  /** By system, each different outcome; empty where reachability is not what the fault changes. */
  readonly survival: readonly {
    readonly system: string;
    readonly outcomes: readonly Survival[];
    /** It may be over before the system notices: shorter than its least time-out. */
    readonly brief: boolean;
  }[];
  readonly slowdowns: readonly Slowdown[];
  /** False when there are more ways than were tried. */
  readonly complete: boolean;
}

export function forecasts(scenario: Scenario): Forecast[] {
  return scenario.faults.map((fault, index) => forecast(scenario, fault, index));
}

/** Kinds that leave nodes and links as they are and touch only their speed. */
const SPEED_ONLY = new Set(['delay', 'loss', 'bandwidth', 'slow-disk', 'clock-skew']);

function forecast(scenario: Scenario, fault: FaultSpec, index: number): Forecast {
  const { ways, complete } = everyWay((choose) => breakScratchWorld(scenario, fault, choose));
  const first = ways[0]!;
  const sameNodes = ways.every((way) => way.nodes.join() === first.nodes.join());
  const cutsNothing =
    SPEED_ONLY.has(fault.effect.kind) && !(fault.effect.kind === 'loss' && fault.effect.share >= 1);
  return {
    index,
    title: titleOf(fault),
    nodes: sameNodes ? first.nodes : null,
    survival: cutsNothing
      ? []
      : votingSystems(scenario.systems).map((spec, s) => ({
          system: spec.name,
          outcomes: distinct(ways.map((way) => way.survival[s]!)),
          brief: isBrief(fault, timersOf(spec)),
        })),
    slowdowns: fault.effect.kind === 'delay' ? first.slowdowns : [],
    complete,
  };
}

/** Of several that fail by themselves, the first stands for all. */
function titleOf({ each, effect }: FaultSpec): string {
  if (each === undefined) return faultTitle(effect, selectorWords);
  const first = faultTitle(each[0]!.effect, selectorWords);
  return each.length === 1 ? first : `each of ${each.length} by itself: ${first}, and so on`;
}

interface Way {
  readonly nodes: readonly string[];
  readonly survival: readonly Survival[];
  readonly slowdowns: readonly Slowdown[];
}

function breakScratchWorld(scenario: Scenario, fault: FaultSpec, choose: (n: number) => number): Way {
  const kernel = new Kernel(0);
  const world = new World(kernel, withUsers(scenario.world));
  const voting = votingSystems(scenario.systems);
  const before = voting.map((spec) => onewayUs(spec, world));
  const leaders = new Map<SystemSpec, string>();
  const leaderOf = (spec: SystemSpec): string => {
    let leader = leaders.get(spec);
    if (leader === undefined) leaders.set(spec, (leader = spec.members[choose(spec.members.length)]!));
    return leader;
  };
  // Selectors ask a system for nothing but this.
  const systems = scenario.systems.map(
    (spec) => ({ spec, leaders: () => [leaderOf(spec)] }) as unknown as System,
  );
  const selection = new Selection(world, systems, choose);
  const context: FaultContext = {
    kernel,
    world,
    systems,
    cause: NO_CAUSE,
    endUs: 1,
    select: (selector, users = false) => selection.select(selector, users),
    atShares: (_count, step) => step(fault.effect.kind === 'delay' ? PEAK[fault.effect.shape] : 1),
  };
  const effect = fault.each === undefined ? fault.effect : fault.each[choose(fault.each.length)]!.effect;
  const { nodes } = beginFault(effect, context);
  const remains = remainsOf(scenario, world);
  return {
    nodes: LINK_FAULTS.has(effect.kind) ? selection.named : nodes.map((node) => node.name),
    survival: voting.map((spec) => survival(spec, remains, leaders.get(spec))),
    slowdowns: voting.flatMap((spec, s) => slowdown(spec, world, before[s]!, fault) ?? []),
  };
}

/** Where in its time a spike is highest. */
const PEAK: Readonly<Record<SpikeShape, number>> = { square: 0, ramp: 1, triangle: 0.5, decay: 0 };

function remainsOf(scenario: Scenario, world: World): Remains {
  const ground = new Ground(scenario.world);
  const users = new Map(world.nodes.filter((node) => node.spec.hidden).map((node) => [node.zone, node]));
  return {
    zones: ground.zones.filter((zone) => users.get(zone)?.powered ?? true),
    works: (node) => world.node(node).active,
    connects: (a, b) => a === b || world.passable(world.node(a).index, world.node(b).index),
    reaches: (zone, node) => {
      const from = users.get(zone);
      return from !== undefined && world.passable(from.index, world.node(node).index);
    },
  };
}

/** Typical one-way times between voters: rows send, columns receive. */
function onewayUs(spec: SystemSpec, world: World): number[][] {
  const index = spec.members.map((member) => world.node(member).index);
  return index.map((from) => index.map((to) => (from === to ? 0 : world.network.path(from, to).typicalUs)));
}

function slowdown(
  spec: VotingSpec,
  world: World,
  before: number[][],
  fault: FaultSpec,
): Slowdown | undefined {
  if (fault.effect.kind !== 'delay') return undefined;
  const after = onewayUs(spec, world);
  let addedUs = 0;
  let rttUs = 0;
  after.forEach((row, a) => {
    row.forEach((us, b) => {
      addedUs = Math.max(addedUs, us - before[a]![b]!);
      rttUs = Math.max(rttUs, us + after[b]![a]!);
    });
  });
  if (addedUs === 0) return undefined;
  const timers = timersOf(spec);
  const atOnce = fault.effect.shape === 'square' || fault.effect.shape === 'decay';
  const silenceUs = timers.heartbeatUs + (atOnce ? addedUs : 0);
  const patience = timers.kind === 'raft' ? timers.electionUs : timers.silenceUs;
  return {
    system: spec.name,
    silenceUs,
    rttUs,
    effect:
      silenceUs < patience.fromUs
        ? 'holds'
        : rttUs >= timers.electionUs.toUs && timers.kind === 'raft'
          ? 'cannot elect'
          : silenceUs <= patience.toUs
            ? 'may elect'
            : 'elects',
  };
}

/** Almost surely over before the first follower, or a silent connection, gives up. */
function isBrief(fault: FaultSpec, timers: Timers): boolean {
  if (fault.duration === null) return false;
  const longestUs = quantile(fault.duration, 0.99);
  return (
    longestUs <
    (timers.kind === 'raft'
      ? timers.electionUs.fromUs - timers.heartbeatUs
      : timers.silenceUs.fromUs - 2 * timers.heartbeatUs)
  );
}

function distinct(outcomes: readonly Survival[]): Survival[] {
  const seen = new Map(outcomes.map((outcome) => [JSON.stringify(outcome), outcome]));
  return [...seen.values()];
}
