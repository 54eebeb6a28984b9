/** Between which members messages pass, how long the slowest regular ones take, and how often others are irregular. */
import type { World } from '../../../world/world.ts';
import type { GossipMember } from '../member.ts';

/** What a probe, and a short connection, take on the way there and back: bytes of each message in turn. */
export interface RoundTrips {
  readonly probe: readonly number[];
  readonly connection: readonly number[];
  /** The longest packet. */
  readonly packetBytes: number;
  /** They must take less than this. */
  readonly probeLimitUs: number;
  readonly connectionLimitUs: number;
}

const PROBE = 1;
const CONNECTION = 2;

/** No run sends so many messages that one of them is faster than at this share of the latencies. */
const HARDLY_EVER = 1e-12;

export class Reach {
  /** Between some of the members that run, packets are stopped or too slow for a plain probe; for a plain connection. */
  probesSuffer = false;
  connectionsSuffer = false;
  /** A regular probe, connection, is over within so long. */
  probeUs = 0;
  connectionUs = 0;
  /** A regular packet, one way. */
  packetUs = 0;
  /** Some message may arrive in the microsecond in which it is sent. */
  instant = false;
  /** Shares of irregular messages that occur. */
  irregular: readonly number[] = [];
  /** By member. */
  classOf = new Int32Array(0);
  classCount = 0;
  readonly #world: World;
  readonly #members: readonly GossipMember[];
  readonly #trips: RoundTrips;
  #version = -1;
  #open = new Uint8Array(0);

  constructor(world: World, members: readonly GossipMember[], trips: RoundTrips) {
    this.#world = world;
    this.#members = members;
    this.#trips = trips;
  }

  /** To be called before anything is asked. */
  refresh(): void {
    const { version } = this.#world.network;
    if (this.#version === version) return;
    this.#version = version;
    this.#classify();
  }

  /** A regular probe from one member to another that is well is answered in time. */
  probes(from: number, to: number): boolean {
    return (this.#open[this.classOf[from]! * this.classCount + this.classOf[to]!]! & PROBE) !== 0;
  }

  connects(from: number, to: number): boolean {
    return (this.#open[this.classOf[from]! * this.classCount + this.classOf[to]!]! & CONNECTION) !== 0;
  }

  #classify(): void {
    const { network } = this.#world;
    const members = this.#members;
    const indexOf = new Map<number, number>();
    /** Two nodes of each class, the same one twice where it is alone. */
    const first: number[] = [];
    const second: number[] = [];
    this.classOf = Int32Array.from(members, ({ node }) => {
      const name = network.classOf(node.index);
      let known = indexOf.get(name);
      if (known === undefined) {
        indexOf.set(name, (known = first.length));
        first.push(node.index);
        second.push(node.index);
      } else second[known] = node.index;
      return known;
    });
    const count = first.length;
    this.classCount = count;
    this.#open = new Uint8Array(count * count).fill(PROBE | CONNECTION);
    this.probesSuffer = this.connectionsSuffer = this.instant = false;
    this.probeUs = this.connectionUs = this.packetUs = 0;
    const irregular = new Set<number>();
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        const to = a === b ? second[b]! : first[b]!;
        if (to !== first[a]) this.#open[a * count + b] = this.#pair(first[a]!, to, irregular);
      }
    }
    irregular.delete(0);
    this.irregular = [...irregular].sort((x, y) => x - y);
  }

  #pair(from: number, to: number, irregular: Set<number>): number {
    const { network } = this.#world;
    const there = network.path(from, to);
    const back = network.path(to, from);
    if (!there.blocked) {
      const us = this.#members[0]!.dialler.link.longestUs(there, this.#trips.packetBytes, true);
      this.packetUs = Math.max(this.packetUs, us);
    }
    if (there.addedUs === 0 && there.latency.atShare(HARDLY_EVER) === 0) this.instant = true;
    if (there.blocked || back.blocked) {
      this.probesSuffer = this.connectionsSuffer = true;
      return 0;
    }
    irregular.add(there.irregular);
    irregular.add(back.irregular);
    // Any member's will do.
    const { link } = this.#members[0]!.dialler;
    const trip = (messages: readonly number[]) =>
      messages.reduce((us, bytes, i) => us + link.longestUs(i % 2 === 0 ? there : back, bytes, true), 0);
    const probeUs = trip(this.#trips.probe);
    const connectionUs = trip(this.#trips.connection);
    let open = 0;
    if (probeUs < this.#trips.probeLimitUs) {
      open |= PROBE;
      this.probeUs = Math.max(this.probeUs, probeUs);
    } else this.probesSuffer = true;
    if (connectionUs < this.#trips.connectionLimitUs) {
      open |= CONNECTION;
      this.connectionUs = Math.max(this.connectionUs, connectionUs);
    } else this.connectionsSuffer = true;
    return open;
  }
}
