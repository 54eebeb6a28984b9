/**
 * What fails by itself, as independent processes: each an alternating renewal process of one entity, or of a group that
 * has a common cause. The runner executes them; sim/exact can compute from them.
 */
import { type Distribution, scaled } from '../kernel/distribution.ts';
import type { CommonCause, FaultEffect, FaultSpec } from './fault-spec.ts';
import { faultTitle } from './kinds.ts';
import { selectorWords } from './words.ts';

export interface LifeProcess {
  /** Index of the fault in the scenario. */
  readonly fault: number;
  /** Of its random stream. Two processes of the same name are told apart by the runner. */
  readonly name: string;
  /** The node, place or link that fails; of a group its name or its members; '' where one process stands for all. */
  readonly entity: string;
  /** What begins at a failure, all at once; one effect for each entity. */
  readonly effects: readonly FaultEffect[];
  /** From the end of a repair (or time zero) to the next failure, shares of common causes taken into account. */
  readonly up: Distribution;
  /** From the failure to the call for a crew; null = none. */
  readonly reaction: Distribution | null;
  /** From the crew's start (or the end of the reaction) to the end of the failure; null = it is never repaired. */
  readonly repair: Distribution | null;
  /** Whose crew repairs it; null = it waits for nobody. */
  readonly crew: string | null;
  /** Of a group with a common cause: its entities, whose own up time stands still meanwhile. Else empty. */
  readonly members: readonly string[];
}

/** Every process of the stochastic faults of a scenario, in its order; of one fault the entities first, then the groups. */
export function lifeProcesses(faults: readonly FaultSpec[]): LifeProcess[] {
  return faults.flatMap((spec, fault) => processesOf(spec, fault));
}

function processesOf(spec: FaultSpec, fault: number): LifeProcess[] {
  const { start } = spec;
  if (start.kind !== 'every') return [];
  const common = {
    fault,
    reaction: spec.reaction ?? null,
    repair: spec.duration,
    crew: spec.crew ?? null,
  };
  if (spec.each === undefined) {
    const name = streamName(spec, '', spec.effect);
    return [{ ...common, name, entity: '', effects: [spec.effect], up: start.interval, members: [] }];
  }
  const causes = spec.commonCauses ?? [];
  const own = spec.each.flatMap(({ name: entity, effect }): LifeProcess[] => {
    const left = 1 - sharedBy(causes, entity);
    // Shares that add up to one leave nothing to the entity itself, but for the rounding of the sum.
    if (left < 1e-9) return [];
    const up = left === 1 ? start.interval : scaled(start.interval, 1 / left);
    return [
      { ...common, name: streamName(spec, entity, effect), entity, effects: [effect], up, members: [] },
    ];
  });
  const groups = causes.map(({ name, share, members }): LifeProcess => {
    const entity = name === '' ? members.join(', ') : name;
    return {
      ...common,
      name: `fault/${spec.name || spec.effect.kind}/common cause ${entity}`,
      entity,
      effects: spec.each!.filter((one) => members.includes(one.name)).map((one) => one.effect),
      up: scaled(start.interval, 1 / share),
      members,
    };
  });
  return [...own, ...groups];
}

function sharedBy(causes: readonly CommonCause[], entity: string): number {
  return causes.reduce((sum, { share, members }) => (members.includes(entity) ? sum + share : sum), 0);
}

/** Named after what it does, not where it stands: adding a fault or an entity changes no other's luck. */
export function streamName(spec: FaultSpec, entity: string, effect: FaultEffect): string {
  if (spec.name === '') return `fault/${faultTitle(effect, selectorWords)}`;
  return entity === '' ? `fault/${spec.name}` : `fault/${spec.name}/${entity}`;
}

/** What a reported fault did: one effect, or those of everything that a common cause took; none for what operators do. */
export function effectsOf(
  faults: readonly FaultSpec[],
  { index, entity }: { readonly index: number; readonly entity?: string | undefined },
): readonly FaultEffect[] {
  const spec = faults[index];
  if (spec === undefined) return [];
  if (spec.each === undefined || entity === undefined) return [spec.effect];
  return processesOf(spec, index).find((life) => life.entity === entity)?.effects ?? [];
}
