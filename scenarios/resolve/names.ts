/** What the words of a scenario stand for: nodes, places, roles, and, once they are resolved, systems. */
import type { NodeSelector } from '../../sim/faults/fault-spec.ts';
import type { SystemSpec } from '../../sim/systems/system-spec.ts';
import type { NodeSpec } from '../../sim/world/topology.ts';
import { listOf, nearest } from '../nearest.ts';
import { parseSelector, type SelectorSyntax, type SystemWord, unionOf } from '../selector.ts';
import { TextError } from '../text-error.ts';
import { hasLeader } from './kinds.ts';
import { NodeSet } from './node-set.ts';
import type { Places } from './places.ts';

/** A selector and every node it may choose: all of them for `leader of etcd`, as any may lead. */
export interface Resolved {
  readonly selector: NodeSelector;
  readonly nodes: NodeSet;
  /** Whether it always chooses exactly `nodes`. */
  readonly exact: boolean;
}

/** Users live where machines stand: the way out is to put one there, which need not be a member of anything. */
export function noNodeIn(place: string): string {
  return `no node stands in ${place}, and so no users: put one there under nodes (a worker is enough)`;
}

export class Names {
  readonly places: Places;
  readonly nodes: readonly NodeSpec[];
  /** Filled while systems are resolved: a selector may only name those that stand above it. */
  readonly systems: SystemSpec[] = [];
  /** The number of each node. */
  readonly #byNode: ReadonlyMap<string, number>;
  readonly #inPlace: ReadonlyMap<string, NodeSet>;
  readonly #withRole: ReadonlyMap<string, NodeSet>;
  readonly #resolved = new Map<string, Resolved>();

  constructor(places: Places, nodes: readonly NodeSpec[]) {
    this.places = places;
    this.nodes = nodes;
    this.#byNode = new Map(nodes.map((node, i) => [node.name, i]));
    const inPlace = new Map<string, number[]>(places.names().map((place) => [place, []]));
    const withRole = new Map<string, number[]>();
    nodes.forEach((node, i) => {
      for (const place of places.around(node.place)) inPlace.get(place)?.push(i);
      for (const role of node.roles) {
        const others = withRole.get(role);
        if (others === undefined) withRole.set(role, [i]);
        else others.push(i);
      }
    });
    const sets = (lists: ReadonlyMap<string, readonly number[]>) =>
      new Map([...lists].map(([name, list]) => [name, this.#set(list)]));
    this.#inPlace = sets(inPlace);
    this.#withRole = sets(withRole);
  }

  isNode(name: string): boolean {
    return this.#byNode.has(name);
  }

  /** Whether any node stands in a place. */
  isInhabited(place: string): boolean {
    return (this.#inPlace.get(place)?.size ?? 0) > 0;
  }

  #set(nodes: readonly number[]): NodeSet {
    return NodeSet.of(this.nodes.length, nodes);
  }

  /** Systems of that name or family. */
  systemsNamed(name: string): SystemSpec[] {
    const exact = this.systems.filter((system) => system.name === name);
    return exact.length > 0 ? exact : this.systems.filter((system) => system.family === name);
  }

  systemNames(): string[] {
    return [...new Set(this.systems.flatMap((system) => [system.family, system.name]))];
  }

  /** Forgets selectors resolved before a system was added. */
  addSystem(system: SystemSpec): void {
    this.systems.push(system);
    this.#resolved.clear();
  }

  /** Throws a TextError for unknown names, and where no node can be chosen. */
  select(text: string): Resolved {
    const before = this.#resolved.get(text);
    if (before !== undefined) return before;
    const resolved = this.#resolve(parseSelector(text));
    if (resolved.nodes.size === 0) {
      const isPlace = this.places.get(text) !== undefined;
      throw new TextError(isPlace ? noNodeIn(text) : `"${text}" matches no node`);
    }
    this.#resolved.set(text, resolved);
    return resolved;
  }

  /** A list of selectors chooses what any of them does. */
  selectAll(texts: string | readonly string[]): Resolved {
    if (typeof texts === 'string') return this.select(texts);
    return union(texts.map((text) => this.select(text)));
  }

  #resolve(syntax: SelectorSyntax): Resolved {
    switch (syntax.kind) {
      case 'all':
        return { selector: { kind: 'all' }, nodes: NodeSet.all(this.nodes.length), exact: true };
      case 'node':
        return this.#node(syntax.name) ?? this.#unknown(syntax.name, 'node', [...this.#byNode.keys()]);
      case 'place':
        return this.#place(syntax.name) ?? this.#unknown(syntax.name, 'place', this.places.names());
      case 'role':
        return this.#role(syntax.name) ?? this.#unknown(syntax.name, 'role', [...this.#withRole.keys()]);
      case 'name':
        return this.#name(syntax.name);
      case 'label':
        return this.#label(syntax.key, syntax.value);
      case 'any': {
        const of = this.#resolve(syntax.of);
        if (of.nodes.size < syntax.count) {
          throw new TextError(
            `asks for any ${syntax.count} nodes, and ${of.nodes.size === 0 ? 'none matches' : `only ${of.nodes.size} can match`}`,
          );
        }
        return {
          selector: { kind: 'any', count: syntax.count, of: of.selector },
          nodes: of.nodes,
          exact: of.exact && of.nodes.size === syntax.count,
        };
      }
      case 'union':
        return union(syntax.of.map((part) => this.#resolve(part)));
      case 'intersection':
        return intersection(syntax.of.map((part) => this.#resolve(part)));
      case 'not': {
        const of = this.#resolve(syntax.of);
        // What may be chosen may also not be chosen: only certain nodes are out.
        const nodes = of.exact ? of.nodes.complement() : NodeSet.all(this.nodes.length);
        return { selector: { kind: 'not', of: of.selector }, nodes, exact: of.exact };
      }
      default:
        return this.#ofSystem(syntax.kind, syntax.system);
    }
  }

  #node(name: string): Resolved | undefined {
    const node = this.#byNode.get(name);
    return node === undefined
      ? undefined
      : { selector: { kind: 'node', node: name }, nodes: this.#set([node]), exact: true };
  }

  #place(name: string): Resolved | undefined {
    const nodes = this.#inPlace.get(name);
    return nodes === undefined ? undefined : { selector: { kind: 'place', place: name }, nodes, exact: true };
  }

  #role(name: string): Resolved | undefined {
    const role = [name, ...singulars(name)].find((word) => this.#withRole.has(word));
    return role === undefined
      ? undefined
      : { selector: { kind: 'role', role }, nodes: this.#withRole.get(role)!, exact: true };
  }

  #name(name: string): Resolved {
    const found = this.#node(name) ?? this.#place(name) ?? this.#role(name);
    if (found !== undefined) return found;
    const systems = this.systemsNamed(name);
    if (systems.length > 0)
      throw new TextError(`${name} is a system: write "members of ${name}" or "leader of ${name}"`);
    const roles = [...this.#withRole.keys()];
    const near = nearest(name, [...roles, ...this.places.names(), ...this.#byNode.keys()]);
    throw new TextError(
      `"${name}" is no node, place or role; places are ${listOf(this.places.names(), 8)}; roles are ${listOf(roles, 8)}`,
      near,
    );
  }

  #label(key: string, value: string): Resolved {
    const matches = (node: NodeSpec) => Object.hasOwn(node.labels, key) && node.labels[key] === value;
    const nodes = this.#set(this.nodes.flatMap((node, i) => (matches(node) ? [i] : [])));
    if (nodes.size === 0) {
      const labels = new Set(
        this.nodes.flatMap((node) => Object.entries(node.labels).map(([k, v]) => `label:${k}=${v}`)),
      );
      throw new TextError(`no node has the label ${key}=${value}`, nearest(`label:${key}=${value}`, labels));
    }
    return { selector: { kind: 'label', key, value }, nodes, exact: true };
  }

  #ofSystem(kind: SystemWord, name: string): Resolved {
    const systems = this.systemsNamed(name);
    if (systems.length === 0) {
      const names = this.systemNames();
      throw new TextError(`unknown system "${name}": known are ${listOf(names)}`, nearest(name, names));
    }
    return union(
      systems.map((system) => {
        if ((kind === 'leader' || kind === 'followers') && !hasLeader(system.kind)) {
          throw new TextError(`nobody leads ${system.name}: write "members of ${system.name}"`);
        }
        const members = kind === 'members' ? [...system.members, ...system.learners] : system.members;
        const fewest = Math.floor((system.members.length - 1) / 2);
        if (kind === 'minority' && fewest === 0) {
          throw new TextError(
            `${system.name} has ${system.members.length} voting members: its minority is empty`,
          );
        }
        if (kind === 'followers' && system.members.length === 1 && system.learners.length === 0) {
          throw new TextError(`${system.name} has one member: it has no followers`);
        }
        return {
          selector: { kind, system: system.name },
          nodes: this.#set(members.map((member) => this.#byNode.get(member)!)),
          exact: kind === 'members' || (kind === 'leader' && members.length === 1),
        };
      }),
    );
  }

  #unknown(name: string, what: string, known: readonly string[]): never {
    throw new TextError(`unknown ${what} "${name}": known are ${listOf(known)}`, nearest(name, known));
  }
}

function union(parts: readonly Resolved[]): Resolved {
  return {
    selector: unionOf(parts.map((part) => part.selector)),
    nodes: parts.map((part) => part.nodes).reduce((a, b) => a.union(b)),
    exact: parts.every((part) => part.exact),
  };
}

function intersection(parts: readonly Resolved[]): Resolved {
  return {
    selector: { kind: 'intersection', of: parts.map((part) => part.selector) },
    nodes: parts.map((part) => part.nodes).reduce((a, b) => a.intersection(b)),
    exact: parts.every((part) => part.exact),
  };
}

/** `managers` means the role manager, `proxies` proxy, `boxes` box. */
export function singulars(word: string): string[] {
  const found: string[] = [];
  if (word.endsWith('ies')) found.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('es')) found.push(word.slice(0, -2));
  if (word.endsWith('s')) found.push(word.slice(0, -1));
  return found;
}
