/** Two nodes and one channel between them, for tests of what a product's transport does. */
import { Kernel } from '../../kernel/kernel.ts';
import { Link } from '../../world/link.ts';
import type { LinkEffect } from '../../world/network.ts';
import type { Hold } from '../../world/node.ts';
import type { Channel, ChannelPlace } from '../../world/tcp-channel.ts';
import { worldSpec } from '../../world/testing.ts';
import { World } from '../../world/world.ts';

const MS = 1_000;

/** One way between the two nodes. */
export const ONE_WAY_MS = 0.5;

export class ChannelBench<C extends Channel> {
  readonly kernel = new Kernel(1);
  readonly world: World;
  readonly channel: C;
  readonly arrived: { readonly number: number; readonly atMs: number }[] = [];
  /** When the sender was told that the receiver cannot be reached, ms. */
  readonly unreachable: number[] = [];
  readonly #link: Link;
  #sent = 0;
  #cut: LinkEffect | null = null;

  constructor(make: (place: ChannelPlace) => C) {
    this.kernel.trace.begin();
    this.world = new World(this.kernel, worldSpec({ a: 'r/d/a', b: 'r/d/b' }));
    this.#link = new Link(
      this.world,
      0,
      1,
      this.kernel.stream('a>b', (number: number) =>
        this.arrived.push({ number, atMs: this.kernel.nowUs / MS }),
      ),
    );
    const channel = make({
      world: this.world,
      owner: { unreachable: () => this.unreachable.push(this.kernel.nowUs / MS) },
      name: 'a>b/channel',
      from: 0,
      to: 1,
      fromPhaseUs: 0,
      toPhaseUs: 0,
    });
    this.channel = channel;
    this.world.listen({
      networkChanged: () => channel.networkChanged(),
      nodeDown: (node, silent) => (node.index === 0 ? channel.fromDown(silent) : channel.toDown(silent)),
      nodeUp: (node) => (node.index === 0 ? channel.fromUp() : channel.toUp()),
      nodePaused: (node) => (node.index === 0 ? channel.fromFrozen(true) : channel.toFrozen(true)),
      nodeResumed: (node) => (node.index === 0 ? channel.fromFrozen(false) : channel.toFrozen(false)),
    });
  }

  /** Runs on to that time. */
  at(ms: number): this {
    this.kernel.runUntil(Math.round(ms * MS));
    return this;
  }

  send(timeoutMs = 2_000): boolean {
    const number = this.#sent++;
    return this.channel.send({
      link: this.#link,
      number,
      payload: null,
      bytes: 100,
      timeoutUs: timeoutMs * MS,
    });
  }

  cut(): void {
    this.#cut = {
      cause: 0,
      from: new Set([0]),
      to: new Set([1]),
      cut: true,
      loss: 0,
      multiply: 1,
      addUs: 0,
      jitterUs: 0,
      bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
      felt: 0,
    };
    this.world.addEffect(this.#cut);
  }

  heal(): void {
    this.world.removeEffect(this.#cut!, 0);
  }

  /** Puts a hold on a node; returns the way to take it off. */
  hold(name: string, kind: Hold['kind']): () => void {
    const hold: Hold = { kind, cause: 0, fsyncUs: null, driftPpm: 0 };
    const node = this.world.node(name);
    this.world.addHold(node, hold);
    return () => this.world.removeHold(node, hold, 0);
  }
}
