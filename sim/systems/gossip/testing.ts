/** A gossip cluster in a small world, with the faults that tests need. */
import { Kernel } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import type { ViewState } from '../../protocols/swim/index.ts';
import type { LinkEffect } from '../../world/network.ts';
import type { Hold, HoldKind } from '../../world/node.ts';
import { worldSpec } from '../../world/testing.ts';
import { World } from '../../world/world.ts';
import { GossipGroup } from './group.ts';
import { GOSSIP_PROFILES, type GossipParameters } from './parameters.ts';

export interface SmallCluster {
  readonly n?: number;
  readonly profile?: string;
  readonly parameters?: Partial<GossipParameters>;
  readonly seed?: number;
  readonly loss?: number;
}

export class TestCluster {
  readonly kernel: Kernel;
  readonly world: World;
  readonly group: GossipGroup;
  readonly #holds = new Map<string, Hold>();
  #cuts: LinkEffect[] = [];

  /** Members m0, m1, ... in three zones; it has run for a second. */
  constructor({ n = 6, profile = 'docker-18.03', parameters = {}, seed = 1, loss = 0 }: SmallCluster = {}) {
    this.kernel = new Kernel(seed, 0);
    const names = Array.from({ length: n }, (_, i) => `m${i}`);
    const spec = worldSpec(Object.fromEntries(names.map((name, i) => [name, `r/d/${'abc'[i % 3]}`])), {
      quality: { loss },
    });
    this.world = new World(this.kernel, spec);
    const all = { ...GOSSIP_PROFILES[profile]!.parameters, ...parameters };
    this.group = new GossipGroup(this.kernel, this.world, { name: 'gossip', members: names }, all);
    this.group.start();
    this.run(1);
  }

  run(seconds: number): void {
    this.kernel.runUntil(this.kernel.nowUs + Math.round(seconds * SECOND));
  }

  hold(member: number, kind: HoldKind): void {
    const hold: Hold = { kind, cause: 0, fsyncUs: null, driftPpm: 0 };
    this.#holds.set(`${member} ${kind}`, hold);
    this.world.addHold(this.world.nodes[member]!, hold);
  }

  release(member: number, kind: HoldKind): void {
    this.world.removeHold(this.world.nodes[member]!, this.#holds.get(`${member} ${kind}`)!, 0);
  }

  /** These members and the rest cannot talk. */
  cut(...members: number[]): void {
    const inside = new Set(members);
    const outside = new Set(this.world.nodes.map(({ index }) => index).filter((index) => !inside.has(index)));
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      const effect: LinkEffect = {
        cause: 0,
        from,
        to,
        cut: true,
        loss: 0,
        multiply: 1,
        addUs: 0,
        jitterUs: 0,
        bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
        felt: 0,
      };
      this.#cuts.push(effect);
      this.world.addEffect(effect);
    }
  }

  heal(): void {
    for (const effect of this.#cuts) this.world.removeEffect(effect, 0);
    this.#cuts = [];
  }

  state(member: number, subject: number): ViewState {
    return this.group.members[member]!.swim!.view.state(subject);
  }

  /** Whom a member would resolve to and send requests to. */
  known(member: number): number[] {
    return this.group.members
      .map(({ index }) => index)
      .filter((index) => index !== member && this.group.knows(this.group.members[member]!, index));
  }

  /** The outlook's figures against a plain count, for every active member. */
  outlookErrors(): string[] {
    const { members, outlook } = this.group;
    return members.flatMap((member) => {
      if (!member.active) return [];
      const truth = members
        .filter(
          (other) =>
            other !== member && other.active && this.world.passable(member.node.index, other.node.index),
        )
        .map(({ index }) => index);
      const known = this.known(member.index);
      const expected = {
        exact: known.length === truth.length && known.every((index) => truth.includes(index)),
        deaf: !known.some((index) => truth.includes(index)) && members.length > 1,
        empty: known.length === 0 && members.length > 1,
      };
      const found = outlook.standing(member.index);
      return JSON.stringify(found) === JSON.stringify(expected)
        ? []
        : [`${member.index}: ${JSON.stringify(found)}, counted ${JSON.stringify(expected)}`];
    });
  }
}
