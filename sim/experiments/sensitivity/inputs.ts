/** What a scenario's answer may hang on: each stochastic input, timer, latency and loss, lower and higher. */
import { Ground } from '../../exact/remains.ts';
import type { FaultSpec } from '../../faults/fault-spec.ts';
import { type Distribution, mean, scaled } from '../../kernel/distribution.ts';
import type { Scenario } from '../../scenario.ts';
import type { SystemSpec } from '../../systems/system-spec.ts';
import type { LinkClass, LinkQuality } from '../../world/topology.ts';
import type { TornadoRow } from '../decisions.ts';
import { processName } from './process-name.ts';

/** A value of an input, and the scenario that has it. */
export interface InputEnd {
  /** In its own unit, for labels. */
  readonly value: InputValue;
  readonly scenario: Scenario;
}

export type InputValue =
  | { readonly kind: 'duration'; readonly us: number }
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'factor'; readonly factor: number }
  /** As the user stated it. */
  | { readonly kind: 'text'; readonly text: string };

export interface Input {
  readonly name: string;
  readonly kind: TornadoRow['kind'];
  readonly low: InputEnd;
  readonly high: InputEnd;
}

/** A network without loss is tried with this much. */
const SOME_LOSS = 1e-4;
const LOSS_MAX = 0.5;

/** Every input, each divided and multiplied by `factor` (above 1), in the order of the scenario. */
export function inputsOf(scenario: Scenario, factor: number): Input[] {
  return [
    ...scenario.faults.flatMap((spec, i) => faultInputs(scenario, spec, i, factor)),
    ...scenario.systems.flatMap((spec, i) => timerInputs(scenario, spec, i, factor)),
    ...linkInputs(scenario, factor),
  ];
}

function faultInputs(scenario: Scenario, spec: FaultSpec, index: number, factor: number): Input[] {
  const label = processName(spec);
  const withSpec = (changed: FaultSpec): Scenario => ({
    ...scenario,
    faults: scenario.faults.map((one, i) => (i === index ? changed : one)),
  });
  const input = (
    name: string,
    kind: Input['kind'],
    distribution: Distribution,
    change: (distribution: Distribution) => FaultSpec,
  ): Input => {
    const end = (by: number): InputEnd => {
      const changed = scaled(distribution, by);
      return { value: { kind: 'duration', us: mean(changed) }, scenario: withSpec(change(changed)) };
    };
    return { name: `${label}: ${name}`, kind, low: end(1 / factor), high: end(factor) };
  };
  const inputs: Input[] = [];
  const { start, duration, reaction } = spec;
  if (start.kind === 'every')
    inputs.push(
      input('mean time to failure', 'failure', start.interval, (interval) => ({
        ...spec,
        start: { kind: 'every', interval },
      })),
    );
  if (duration !== null)
    inputs.push(
      input('mean time to repair', 'repair', duration, (changed) => ({ ...spec, duration: changed })),
    );
  if (reaction !== undefined)
    inputs.push(
      input('mean reaction time', 'reaction', reaction, (changed) => ({ ...spec, reaction: changed })),
    );
  return inputs;
}

function timerInputs(scenario: Scenario, spec: SystemSpec, index: number, factor: number): Input[] {
  const end = (us: number, changed: SystemSpec): InputEnd => ({
    value: { kind: 'duration', us },
    scenario: { ...scenario, systems: scenario.systems.map((one, i) => (i === index ? changed : one)) },
  });
  // Only where a leader or a peer can be lost.
  if (spec.members.length < 2) return [];
  if (spec.kind === 'gossip') return [];
  if (spec.kind === 'rethink') {
    const { heartbeatTimeoutUs } = spec.parameters;
    const at = (by: number) => {
      const us = Math.max(1, Math.round(heartbeatTimeoutUs * by));
      return end(us, { ...spec, parameters: { ...spec.parameters, heartbeatTimeoutUs: us } });
    };
    return [
      { name: `${spec.name} heartbeat time-out`, kind: 'timer', low: at(1 / factor), high: at(factor) },
    ];
  }
  const { electionTicks, heartbeatTicks, tickUs } = spec.parameters;
  const at = (by: number) => {
    // One heartbeat may be late: a time-out that leaves no room for that elects again and again.
    const least = Math.min(electionTicks, heartbeatTicks + 2);
    const ticks = Math.max(least, Math.round(electionTicks * by));
    const parameters = { ...spec.parameters, electionTicks: ticks };
    return { ...end(ticks * tickUs, { ...spec, parameters } as SystemSpec), ticks };
  };
  const low = at(1 / factor);
  const atLeast = low.ticks === electionTicks;
  return [
    {
      name: `${spec.name} election time-out`,
      kind: 'timer',
      low: atLeast ? { ...low, value: { kind: 'text', text: 'as it stands (the least)' } } : low,
      high: at(factor),
    },
  ];
}

/** Classes of links between nodes that a system spans; within a node nothing travels far. */
function linkInputs(scenario: Scenario, factor: number): Input[] {
  const { linkClasses, linkRules } = scenario.world;
  const inputs: Input[] = [];
  const withClass = (name: LinkClass, change: Partial<LinkQuality>): Scenario => ({
    ...scenario,
    world: {
      ...scenario.world,
      linkClasses: { ...linkClasses, [name]: { ...linkClasses[name], ...change } },
    },
  });
  for (const name of usedClasses(scenario)) {
    const { latencyUs, loss = 0 } = linkClasses[name];
    if (latencyUs !== undefined) {
      const at = (by: number): InputEnd => ({
        value: { kind: 'duration', us: 2 * mean(latencyUs) * by },
        scenario: withClass(name, { latencyUs: scaled(latencyUs, by) }),
      });
      inputs.push({
        name: `${name} mean round trip`,
        kind: 'latency',
        low: at(1 / factor),
        high: at(factor),
      });
    }
    const [least, most] = loss === 0 ? [0, SOME_LOSS] : [loss / factor, Math.min(LOSS_MAX, loss * factor)];
    const at = (share: number): InputEnd => ({
      value: { kind: 'share', share },
      scenario: withClass(name, { loss: share }),
    });
    inputs.push({ name: `${name} loss`, kind: 'loss', low: at(least), high: at(most) });
  }
  if (linkRules.some(({ latencyUs }) => latencyUs !== undefined)) {
    const at = (by: number): InputEnd => ({
      value: { kind: 'factor', factor: by },
      scenario: {
        ...scenario,
        world: {
          ...scenario.world,
          linkRules: linkRules.map((rule) =>
            rule.latencyUs === undefined ? rule : { ...rule, latencyUs: scaled(rule.latencyUs, by) },
          ),
        },
      },
    });
    inputs.push({ name: 'named links: round trips', kind: 'latency', low: at(1 / factor), high: at(factor) });
  }
  return inputs;
}

function usedClasses({ world, systems }: Scenario): LinkClass[] {
  const members = new Set(systems.flatMap((spec) => (spec.kind === 'gossip' ? [] : spec.members)));
  const ground = new Ground(world);
  const nodes = [...members].map((name) => ground.indexOf(name));
  const used = new Set<LinkClass>();
  nodes.forEach((a, i) => {
    for (const b of nodes.slice(i + 1)) used.add(ground.network.linkClass(a, b));
  });
  const order: readonly LinkClass[] = [
    'within-rack',
    'within-zone',
    'between-zones',
    'between-datacenters',
    'between-regions',
  ];
  return order.filter((name) => used.has(name));
}
