/**
 * What a run will cost, before it is run, in kernel events. A run is parked while nothing happens (docs/parking.md): then
 * its events come with its faults, each of which keeps a system awake for a few of its time-outs, and one that parts
 * members for as long as it lasts; and with messages that are lost.
 */
import { mean } from '../kernel/distribution.ts';
import type { Scenario } from '../scenario.ts';
import type { SystemSpec } from '../systems/system-spec.ts';
import { Network } from '../world/network.ts';
import type { WorldSpec } from '../world/topology.ts';

export interface Cost {
  /** Model time with the warm-up, microseconds. */
  readonly modelTimeUs: number;
  /** How often a fault begins or ends, on average. */
  readonly changes: number;
  /** With parking; right to a factor of a few. */
  readonly events: number;
  /** Event by event while nothing happens; elections and faults come on top. */
  readonly eventsUnparked: number;
  readonly bySystem: readonly { readonly system: string; readonly eventsPerSecond: number }[];
}

export function costOf(scenario: Scenario): Cost {
  const { durationUs, warmUpUs } = scenario.run;
  const modelTimeUs = durationUs + warmUpUs;
  const changes = 2 * scenario.faults.reduce((sum, fault) => sum + timesOf(fault, durationUs), 0);
  const partedUs = scenario.faults.reduce((sum, fault) => sum + partedUsOf(fault, durationUs), 0);
  let perSecond = 0;
  let events = 0;
  const bySystem = scenario.systems.map((spec) => {
    const eventsPerSecond = eventRate(spec);
    perSecond += eventsPerSecond;
    // Once in the warm-up it finds its rest.
    const awakeUs = neverParks(spec)
      ? modelTimeUs
      : Math.min(modelTimeUs, (1 + changes) * awakeUsOf(spec) + (campaigns(spec) ? partedUs : 0));
    events += (eventsPerSecond * awakeUs) / 1_000_000;
    if (spec.kind === 'gossip') events += irregularEvents(spec, scenario.world, modelTimeUs);
    return { system: spec.name, eventsPerSecond };
  });
  return {
    modelTimeUs,
    changes,
    events: Math.round(events),
    eventsUnparked: Math.round((perSecond * modelTimeUs) / 1_000_000),
    bySystem,
  };
}

/** How often a fault begins. */
function timesOf({ start, duration, repeat, each }: Scenario['faults'][number], durationUs: number): number {
  if (start.kind !== 'every') return repeat?.times ?? 1;
  const cycleUs = mean(start.interval) + (duration === null ? 0 : mean(duration));
  return ((each?.length ?? 1) * durationUs) / cycleUs;
}

/** Heartbeats come so close to the time-out that none may be left out (sim/systems/raft/parking/bounds.ts). */
function neverParks(spec: SystemSpec): boolean {
  if (spec.kind === 'gossip' || spec.kind === 'rethink') return false;
  const { electionTicks, heartbeatTicks } = spec.parameters;
  return electionTicks - 1 <= heartbeatTicks;
}

/** What parts members, and what keeps messages late for as long as it lasts. */
const PARTING: ReadonlySet<string> = new Set([
  'cut',
  'isolate',
  'partition',
  'pause',
  'slow-disk',
  'delay',
  'loss',
]);

/** How long members that run do not hear each other because of it: who has lost the leader campaigns all the while. */
function partedUsOf(fault: Scenario['faults'][number], durationUs: number): number {
  if (!PARTING.has(fault.effect.kind)) return 0;
  const eachUs = fault.duration === null ? durationUs : mean(fault.duration);
  return timesOf(fault, durationUs) * Math.min(durationUs, eachUs);
}

function campaigns({ kind }: SystemSpec): boolean {
  return kind !== 'gossip' && kind !== 'rethink';
}

/** How long a change keeps a system from parking, roughly. */
function awakeUsOf(spec: SystemSpec): number {
  if (spec.kind === 'rethink') return 0;
  // News spreads for some probes, and suspicion lasts for some more.
  if (spec.kind === 'gossip') return SUSPICIONS * spec.parameters.probeIntervalUs;
  const { tickUs, electionTicks } = spec.parameters;
  return 2 * electionTicks * tickUs;
}
const SUSPICIONS = 20;

/** A probe with a message that is lost, or very late, is looked at; the others rest. */
const EVENTS_OF_IRREGULAR = 1.3;

function irregularEvents(
  spec: SystemSpec & { kind: 'gossip' },
  world: WorldSpec,
  modelTimeUs: number,
): number {
  const messages = (2 * spec.members.length * modelTimeUs) / spec.parameters.probeIntervalUs;
  return EVENTS_OF_IRREGULAR * messages * irregularShare(spec.members, world);
}

/** Of the messages between any two of these nodes, the share that is lost or very late. */
function irregularShare(members: readonly string[], world: WorldSpec): number {
  const network = new Network(world);
  const indexOf = new Map(world.nodes.map(({ name }, index) => [name, index]));
  /** By class: a node of it, another one of it or the same, and how many there are. */
  const classes = new Map<number, { node: number; another: number; count: number }>();
  for (const name of members) {
    const node = indexOf.get(name)!;
    const known = classes.get(network.classOf(node));
    if (known === undefined) classes.set(network.classOf(node), { node, another: node, count: 1 });
    else {
      known.another = node;
      known.count++;
    }
  }
  let share = 0;
  for (const from of classes.values())
    for (const to of classes.values()) {
      const pairs = from.count * (from === to ? to.count - 1 : to.count);
      if (pairs > 0) share += pairs * network.path(from.node, to.another).irregular;
    }
  return share / Math.max(1, members.length * (members.length - 1));
}

function eventRate(spec: SystemSpec): number {
  // RethinkDB's heartbeats are computed, not sent: a calm store costs nothing.
  if (spec.kind === 'rethink') return 0;
  // A probe is a tick, a ping, its answer and a timer.
  if (spec.kind === 'gossip') return (4 * spec.members.length * 1_000_000) / spec.parameters.probeIntervalUs;
  const { tickUs, heartbeatTicks } = spec.parameters;
  const hosts = spec.members.length + spec.learners.length;
  const ticks = (hosts * 1_000_000) / tickUs;
  // A heartbeat to each other member, and its answer.
  const messages = (2 * (hosts - 1) * 1_000_000) / (tickUs * heartbeatTicks);
  return ticks + messages;
}
