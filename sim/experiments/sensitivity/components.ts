/** Components that fail by themselves, and the scenario in which one of them never does. */
import type { FaultEffect, FaultEntity, FaultSpec } from '../../faults/fault-spec.ts';
import type { Scenario } from '../../scenario.ts';
import type { ImportanceRow } from '../decisions.ts';
import { NEVER_US } from '../time-basis.ts';
import { processName } from './process-name.ts';

export interface Component {
  readonly name: string;
  readonly kind: ImportanceRow['kind'];
  /** The scenario without its failures; everything else meets the same luck. */
  readonly perfect: Scenario;
}

/** More than this are not tried: those of the first faults are. */
export const COMPONENTS_MAX = 60;

/** Every entity of a fault that comes by itself or by the script, then each of these faults as a whole. */
export function componentsOf(scenario: Scenario): Component[] {
  const found = new Map<string, Omit<Component, 'perfect'>>();
  for (const spec of scenario.faults) {
    for (const entity of spec.each ?? entityOf(spec.effect)) {
      const kind = kindOf(entity.effect);
      if (kind !== undefined && isLost(entity, kind, scenario))
        found.set(entity.name, { name: entity.name, kind });
    }
  }
  const entities = [...found.values()]
    .slice(0, COMPONENTS_MAX)
    .map((component): Component => ({ ...component, perfect: withoutEntity(scenario, component.name) }));
  const processes = scenario.faults.flatMap((spec, i): Component[] => {
    const alone = (spec.each ?? entityOf(spec.effect)).length === 1 && spec.commonCauses === undefined;
    // A process of one entity is that entity, unless others befall it too.
    if (alone && scenario.faults.every((other, j) => i === j || !befalls(other, spec))) return [];
    return [{ name: processName(spec), kind: 'process', perfect: withFault(scenario, i, never(spec)) }];
  });
  return [...entities, ...processes];
}

/** Of a node only what votes or leads can matter to a quorum; of 50 workers nobody wants 50 rows. */
function isLost({ name }: FaultEntity, kind: ImportanceRow['kind'], scenario: Scenario): boolean {
  return (
    kind !== 'node' || scenario.systems.some((spec) => spec.kind !== 'gossip' && spec.members.includes(name))
  );
}

function befalls(other: FaultSpec, spec: FaultSpec): boolean {
  const [entity] = spec.each ?? entityOf(spec.effect);
  return (other.each ?? entityOf(other.effect)).some(({ name }) => name === entity?.name);
}

function entityOf(effect: FaultEffect): FaultEntity[] {
  if ('place' in effect) return [{ name: effect.place, effect }];
  if ('target' in effect && effect.target.kind === 'node') return [{ name: effect.target.node, effect }];
  return [];
}

function kindOf(effect: FaultEffect): ImportanceRow['kind'] | undefined {
  if ('place' in effect) return 'place';
  if ('from' in effect || 'groups' in effect) return 'link';
  return 'target' in effect ? 'node' : undefined;
}

function withoutEntity(scenario: Scenario, name: string): Scenario {
  return {
    ...scenario,
    faults: scenario.faults.map((spec) => {
      if (spec.each === undefined)
        return entityOf(spec.effect).some((entity) => entity.name === name) ? never(spec) : spec;
      const each = spec.each.filter((entity) => entity.name !== name);
      if (each.length === spec.each.length) return spec;
      if (each.length === 0) return never(spec);
      const commonCauses = (spec.commonCauses ?? []).map((cause) => ({
        ...cause,
        // Its luck goes by its name, or by its members as they were.
        name: cause.name === '' ? cause.members.join(', ') : cause.name,
        members: cause.members.filter((member) => member !== name),
      }));
      return { ...spec, each, ...(spec.commonCauses !== undefined && { commonCauses }) };
    }),
  };
}

function withFault(scenario: Scenario, index: number, spec: FaultSpec): Scenario {
  return { ...scenario, faults: scenario.faults.map((one, i) => (i === index ? spec : one)) };
}

/** It stays in the list: others wait for it by its number. */
function never({ each: _each, commonCauses: _causes, ...spec }: FaultSpec): FaultSpec {
  return { ...spec, start: { kind: 'at', atUs: NEVER_US }, repeat: null };
}
