/** What a run will cost, before it is run: kernel events while nothing happens. Elections and faults come on top. */
import type { Scenario } from '../scenario.ts';
import type { SystemSpec } from '../systems/system-spec.ts';

export interface Cost {
  /** Model time with the warm-up, microseconds. */
  readonly modelTimeUs: number;
  readonly events: number;
  readonly bySystem: readonly { readonly system: string; readonly eventsPerSecond: number }[];
}

export function costOf(scenario: Scenario): Cost {
  const { durationUs, warmUpUs } = scenario.run;
  const modelTimeUs = durationUs + warmUpUs;
  const bySystem = scenario.systems.map((spec) => ({ system: spec.name, eventsPerSecond: eventRate(spec) }));
  const rate = bySystem.reduce((sum, { eventsPerSecond }) => sum + eventsPerSecond, 0);
  return { modelTimeUs, events: Math.round((rate * modelTimeUs) / 1_000_000), bySystem };
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
