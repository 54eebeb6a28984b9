/**
 * The network: directed paths between nodes. Rules give each path its quality, the most specific rule winning field by
 * field; effects (faults) lie on top and come and go. Nodes that no rule and no effect tells apart share a class, and
 * paths are kept by pair of classes, so ten thousand nodes cost no more than their places do.
 */
import { constant } from '../kernel/distribution.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import { Latency } from './latency.ts';
import { Places } from './places.ts';
import { type LinkClass, type LinkQuality, type LinkRule, PLACE_LEVELS, type WorldSpec } from './topology.ts';

/** What a fault does to the messages from one set of nodes to another. */
export interface LinkEffect {
  readonly cause: TraceId;
  readonly from: ReadonlySet<number>;
  readonly to: ReadonlySet<number>;
  /** The messages back as well; a pair that is on both sides feels it once. */
  readonly both?: boolean;
  readonly cut: boolean;
  readonly loss: number;
  readonly multiply: number;
  /** Added one way, microseconds. A spike with a shape changes it in steps, through `World.changeEffect`. */
  addUs: number;
  readonly jitterUs: number;
  /** An upper limit; Infinity sets none. */
  readonly bandwidthBitsPerSecond: number;
  /** Messages that felt it. */
  felt: number;
}

/** Delays that faults pile up end here: no message is an hour under way. */
export const TRANSIT_MAX_US = 3_600_000_000;

/** The present quality of the way from one class of nodes to another. */
export class Path {
  readonly linkClass: LinkClass;
  readonly baseLatency: Latency;
  readonly baseJitterUs: number;
  readonly baseLoss: number;
  readonly baseBandwidth: number;

  latency: Latency;
  /** Nothing passes: it is cut, or every packet is lost. */
  blocked = false;
  /** The latest effect that blocks it, while blocked. */
  blockCause: TraceId = NO_CAUSE;
  loss: number;
  /** Probability that a message is irregular: lost, or later than the body of the latency. */
  irregular = 0;
  multiply = 1;
  addedUs = 0;
  jitterUs: number;
  bandwidth: number;
  /** Effects now on this path, oldest first. */
  effects: LinkEffect[] = [];
  version = -1;

  constructor(linkClass: LinkClass, quality: Required<LinkQuality>) {
    this.linkClass = linkClass;
    this.baseLatency = this.latency = new Latency(quality.latencyUs);
    this.baseJitterUs = this.jitterUs = quality.jitterUs;
    this.baseLoss = this.loss = quality.loss;
    this.baseBandwidth = this.bandwidth = quality.bandwidthBitsPerSecond;
  }

  /** A typical one-way time now, for time-outs and for judging deadlines. */
  get typicalUs(): number {
    return Math.min(this.latency.medianUs * this.multiply + this.addedUs, TRANSIT_MAX_US);
  }
}

const DEFAULTS: Required<LinkQuality> = {
  latencyUs: constant(0),
  jitterUs: 0,
  loss: 0,
  bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
};

export class Network {
  /** Ancestors of each node from the node itself up to its region, by name. */
  readonly #ancestors: readonly (readonly string[])[];
  readonly #spec: WorldSpec;
  readonly #places: Places;
  readonly #classOf: Int32Array;
  #classCount = 0;
  /** Rows by class of the sender, columns by class of the receiver. */
  readonly #paths: (Path | undefined)[][] = [];
  readonly #effects = new Set<LinkEffect>();
  #version = 0;
  /** No rule loses every packet. */
  readonly #alwaysPasses: boolean;

  constructor(spec: WorldSpec) {
    this.#spec = spec;
    this.#places = new Places(spec.places);
    const qualities: readonly LinkQuality[] = [...Object.values(spec.linkClasses), ...spec.linkRules];
    this.#alwaysPasses = qualities.every(({ loss = 0 }) => loss < 1);
    this.#ancestors = spec.nodes.map((node) => [node.name, ...this.#places.around(node.place)]);
    const namedByRules = new Set(spec.linkRules.flatMap((rule) => [rule.from, rule.to]));
    this.#classOf = new Int32Array(spec.nodes.length);
    const classOfPlace = new Map<string, number>();
    spec.nodes.forEach((node, index) => {
      if (namedByRules.has(node.name)) {
        this.#classOf[index] = this.#classCount++;
        return;
      }
      let known = classOfPlace.get(node.place);
      if (known === undefined) classOfPlace.set(node.place, (known = this.#classCount++));
      this.#classOf[index] = known;
    });
  }

  /** Nothing blocks any path. */
  get isClear(): boolean {
    return this.#effects.size === 0 && this.#alwaysPasses;
  }

  /** Changes with every effect that comes or goes. */
  get version(): number {
    return this.#version;
  }

  /** The way from one node to another (by index). The object stays the same until nodes are told apart anew: ask each time. */
  path(from: number, to: number): Path {
    if (from === to) return this.#pathToItself(from);
    const row = (this.#paths[this.#classOf[from]!] ??= []);
    const column = this.#classOf[to]!;
    const path = (row[column] ??= this.#makePath(from, to));
    if (path.version !== this.#version) this.#refresh(path, from, to);
    return path;
  }

  /** Nodes of one class have the same ways to and from everyone else, until an effect tells them apart. */
  classOf(node: number): number {
    return this.#classOf[node]!;
  }

  addEffect(effect: LinkEffect): void {
    this.#tellApart(effect.from);
    this.#tellApart(effect.to);
    this.#effects.add(effect);
    this.#version++;
  }

  /** The effect's figures have changed. */
  changedEffect(): void {
    this.#version++;
  }

  removeEffect(effect: LinkEffect): void {
    this.#effects.delete(effect);
    this.#version++;
  }

  linkClass(from: number, to: number): LinkClass {
    if (from === to) return 'within-node';
    const a = this.#ancestors[from]!;
    const shared = new Set(this.#ancestors[to]!);
    const nearest = a.find((name) => shared.has(name));
    switch (nearest === undefined ? undefined : this.#places.levelOf(nearest)) {
      case 'rack':
        return 'within-rack';
      case 'zone':
        return 'within-zone';
      case 'datacenter':
        return 'between-zones';
      case 'region':
        return 'between-datacenters';
      default:
        return 'between-regions';
    }
  }

  /** A node's way to itself never leaves the machine: no effect of the network reaches it. */
  readonly #ownPaths = new Map<number, Path>();
  #pathToItself(node: number): Path {
    let path = this.#ownPaths.get(node);
    if (path === undefined) {
      path = new Path('within-node', { ...DEFAULTS, ...this.#spec.linkClasses['within-node'] });
      this.#ownPaths.set(node, path);
    }
    return path;
  }

  #makePath(from: number, to: number): Path {
    const linkClass = this.linkClass(from, to);
    const quality: { -readonly [K in keyof LinkQuality]: LinkQuality[K] } = {
      ...DEFAULTS,
      ...withoutUndefined(this.#spec.linkClasses[linkClass]),
    };
    const matching = this.#spec.linkRules
      .map((rule, order) => ({ rule, order, depth: this.#depthOfMatch(rule, from, to) }))
      .filter(({ depth }) => depth > 0)
      .sort((a, b) => a.depth - b.depth || a.order - b.order);
    for (const { rule } of matching) {
      const { from: _from, to: _to, ...stated } = rule;
      Object.assign(quality, withoutUndefined(stated));
    }
    return new Path(linkClass, quality as Required<LinkQuality>);
  }

  /** How specific a rule is for this pair: the depths of both ends (region 1 ... node 5) added; 0 when it does not match. */
  #depthOfMatch(rule: LinkRule, from: number, to: number): number {
    const fromDepth = this.#depthOf(rule.from, from);
    const toDepth = this.#depthOf(rule.to, to);
    return fromDepth > 0 && toDepth > 0 ? fromDepth + toDepth : 0;
  }

  #depthOf(name: string, node: number): number {
    const ancestors = this.#ancestors[node]!;
    const at = ancestors.indexOf(name);
    if (at < 0) return 0;
    if (at === 0) return 5;
    return 1 + PLACE_LEVELS.indexOf(this.#places.levelOf(name)!);
  }

  #refresh(path: Path, from: number, to: number): void {
    path.version = this.#version;
    path.blocked = path.baseLoss >= 1;
    path.blockCause = NO_CAUSE;
    path.multiply = 1;
    path.addedUs = 0;
    path.jitterUs = path.baseJitterUs;
    path.bandwidth = path.baseBandwidth;
    path.effects = [];
    let kept = 1 - path.baseLoss;
    for (const effect of this.#effects) {
      if (!reaches(effect, from, to)) continue;
      path.effects.push(effect);
      kept *= 1 - effect.loss;
      // Several losses together may leave so little that a float64 cannot tell it from nothing.
      if (effect.cut || (effect.loss > 0 && 1 - kept >= 1)) {
        path.blocked = true;
        path.blockCause = effect.cause;
      }
      path.multiply *= effect.multiply;
      path.addedUs += effect.addUs;
      path.jitterUs += effect.jitterUs;
      path.bandwidth = Math.min(path.bandwidth, effect.bandwidthBitsPerSecond);
    }
    path.loss = 1 - kept;
    path.irregular = 1 - kept * path.latency.bodyShare;
    if (path.loss < 1e-15) path.loss = 0;
    if (path.irregular < 1e-15) path.irregular = 0;
  }

  /** Gives nodes inside and outside the set different classes where they share one. */
  #tellApart(nodes: ReadonlySet<number>): void {
    const outside = new Set<number>();
    for (let node = 0; node < this.#classOf.length; node++)
      if (!nodes.has(node)) outside.add(this.#classOf[node]!);
    const renamed = new Map<number, number>();
    for (const node of nodes) {
      const old = this.#classOf[node]!;
      if (!outside.has(old)) continue;
      let fresh = renamed.get(old);
      if (fresh === undefined) renamed.set(old, (fresh = this.#classCount++));
      this.#classOf[node] = fresh;
    }
    // Paths of the old classes stay right for the nodes that keep them; the new classes make theirs when asked.
  }
}

function reaches({ from, to, both }: LinkEffect, sender: number, receiver: number): boolean {
  return (from.has(sender) && to.has(receiver)) || (both === true && from.has(receiver) && to.has(sender));
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}
