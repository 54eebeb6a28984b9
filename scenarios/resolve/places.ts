/** `topology` -> places: region > datacenter > zone > rack, in the order of the file. */
import type { PlaceLevel, PlaceSpec } from '../../sim/world/topology.ts';
import { MAX_PLACES } from '../limits.ts';
import type { ScenarioFile } from '../schema/file.ts';
import type { Context } from './context.ts';

export class Places {
  readonly specs: readonly PlaceSpec[];
  readonly #byName = new Map<string, PlaceSpec>();
  readonly #children = new Map<string, string[]>();

  constructor(specs: readonly PlaceSpec[]) {
    this.specs = specs;
    for (const spec of specs) {
      this.#byName.set(spec.name, spec);
      if (spec.parent !== null)
        this.#children.set(spec.parent, [...(this.#children.get(spec.parent) ?? []), spec.name]);
    }
  }

  get(name: string): PlaceSpec | undefined {
    return this.#byName.get(name);
  }

  names(level?: PlaceLevel): string[] {
    return this.specs.filter((spec) => level === undefined || spec.level === level).map((spec) => spec.name);
  }

  children(name: string): readonly string[] {
    return this.#children.get(name) ?? [];
  }

  /** Itself and every place around it, the smallest first. */
  around(name: string): string[] {
    const names: string[] = [];
    for (let at = this.get(name); at !== undefined; at = at.parent === null ? undefined : this.get(at.parent))
      names.push(at.name);
    return names;
  }
}

export function resolvePlaces(topology: ScenarioFile['topology'], context: Context): Places {
  const specs: PlaceSpec[] = [];
  const levels = new Map<string, PlaceLevel>();
  const regionsOf = new Map<string, PlaceSpec>();
  const add = (spec: PlaceSpec, path: readonly (string | number)[]): void => {
    if (levels.has(spec.name))
      context.keyError(path, `the name ${spec.name} is given to a ${levels.get(spec.name)} already`);
    else {
      levels.set(spec.name, spec.level);
      specs.push(spec);
    }
  };
  const datacenters = Object.entries(topology);
  if (datacenters.length === 0)
    context.error(['topology'], 'no datacenter: at least one is needed, like us-west: { zones: [a, b, c] }');
  for (const [datacenter, { region, zones }] of datacenters) {
    const path = ['topology', datacenter];
    if (!regionsOf.has(region)) {
      const spec: PlaceSpec = { name: region, level: 'region', parent: null };
      regionsOf.set(region, spec);
      add(spec, [...path, 'region']);
    }
    add({ name: datacenter, level: 'datacenter', parent: region }, path);
    const named = Array.isArray(zones)
      ? zones.map((zone): [string, readonly string[]] => [zone, []])
      : Object.entries(zones);
    if (named.length === 0) context.error([...path, 'zones'], 'no zone: a datacenter has at least one');
    named.forEach(([zone, racks], i) => {
      const zonePath = [...path, 'zones', Array.isArray(zones) ? i : zone];
      const zoneName = `${datacenter}/${zone}`;
      add({ name: zoneName, level: 'zone', parent: datacenter }, zonePath);
      racks.forEach((rack, j) => {
        add({ name: `${zoneName}/${rack}`, level: 'rack', parent: zoneName }, [...zonePath, j]);
      });
    });
  }
  if (specs.length > MAX_PLACES)
    context.error(['topology'], `${specs.length} places, and a scenario has at most ${MAX_PLACES}`);
  return new Places(specs);
}
