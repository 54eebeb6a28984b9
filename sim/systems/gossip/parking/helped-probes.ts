/**
 * Probes that are known to be saved by helpers: the direct ping or its answer is lost, and all else is regular: the
 * helpers' pings, and the ping over TCP beside them. Nobody's standing changes by such a probe. What it sends is counted
 * when it begins; if something is about to change before it is over, it is gone through again from its beginning.
 */
import type { Kernel } from '../../../kernel/kernel.ts';
import { MESSAGE_BYTES, type PacketKind } from '../../../protocols/swim/index.ts';
import type { Link } from '../../../world/link.ts';
import type { Path } from '../../../world/network.ts';
import type { World } from '../../../world/world.ts';
import type { Traffic } from '../../system.ts';
import type { TrafficCounter } from '../../traffic.ts';
import { STREAM_ACK_BYTES, STREAM_PING_BYTES } from '../exchange.ts';
import { type GossipMember, PACKET_HEADER_BYTES } from '../member.ts';
import { placeOf } from '../packet-place.ts';
import type { GossipParameters } from '../parameters.ts';
import { pingConnection, SYN_BYTES } from '../short-connection.ts';
import type { Reach } from './reach.ts';

/** How a probe is saved. */
export interface Help {
  readonly helpers: readonly number[];
  /** It is over within so long of its beginning. */
  readonly windowUs: number;
  /** What was counted for it. */
  readonly sent: readonly Charge[];
}

interface Charge {
  readonly row: Traffic;
  readonly bytes: number;
  readonly lost: boolean;
}

/** From the prober to a helper, on to the target, and back. */
const HELP = ['ping-req', 'relay-ping', 'relay-ack', 'forwarded-ack'] as const;
/** SYN and its answer, ping and its answer. */
const STREAM_BYTES = [SYN_BYTES, SYN_BYTES, STREAM_PING_BYTES, STREAM_ACK_BYTES] as const;

export class HelpedProbes {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #members: readonly GossipMember[];
  readonly #traffic: TrafficCounter;
  readonly #reach: Reach;
  readonly #parameters: GossipParameters;

  constructor(
    kernel: Kernel,
    world: World,
    members: readonly GossipMember[],
    parameters: GossipParameters,
    traffic: TrafficCounter,
    reach: Reach,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#members = members;
    this.#parameters = parameters;
    this.#traffic = traffic;
    this.#reach = reach;
  }

  /**
   * How probe `number`, which begins now between two that are well and have nothing to tell, is saved, its ping or the
   * answer being irregular; null when that is not sure. What it sends is then counted.
   */
  foresee(member: GossipMember, target: number, number: number, pingArrives: boolean): Help | null {
    const windowUs = this.#windowUs();
    if (windowUs === null || !this.#reach.connects(member.index, target)) return null;
    const sent: Charge[] = [];
    const other = this.#members[target]!;
    const { link, first } = member.probePackets;
    const answer = first(number) + 1;
    const there = this.#path(member, other);
    const back = this.#path(other, member);
    if (there === null || back === null) return null;
    if (!link.getsLost(pingArrives ? back : there, pingArrives ? answer : answer - 1)) return null;
    sent.push(this.#charge(there, this.#bytesOf('ping'), !pingArrives));
    if (pingArrives) sent.push(this.#charge(back, this.#bytesOf('ack'), true));
    const helpers = member.swim!.helpersOf(target, number);
    if (helpers.length === 0) return null;
    for (const [place, helper] of helpers.entries())
      if (!this.#helps(member, this.#members[helper]!, other, number, place, sent)) return null;
    if (!this.#answersStream(member, there, back, number, sent)) return null;
    for (const { row, bytes, lost } of sent) {
      row.messages++;
      row.bytes += bytes;
      if (lost) row.lost++;
    }
    return { helpers, windowUs, sent };
  }

  /** It takes place after all: what happened of it since its beginning, and what is still to come. */
  goThrough(member: GossipMember, target: number, number: number, startUs: number, { sent }: Help): void {
    for (const { row, bytes, lost } of sent) {
      row.messages--;
      row.bytes -= bytes;
      if (lost) row.lost--;
    }
    this.#kernel.replay(startUs, () => member.swim!.launchProbe(target, number, startUs));
  }

  /** How long such a probe takes at most; null when that is not sure to be less than the time between two. */
  #windowUs(): number | null {
    const { indirectChecks, tcpPings, probeTimeoutUs, probeIntervalUs } = this.#parameters;
    const { packetUs, connectionUs } = this.#reach;
    if (indirectChecks === 0 || !tcpPings || 2 * packetUs >= probeTimeoutUs) return null;
    const windowUs = probeTimeoutUs + Math.max(HELP.length * packetUs, connectionUs) + 1;
    return windowUs < probeIntervalUs ? windowUs : null;
  }

  #helps(
    prober: GossipMember,
    helper: GossipMember,
    target: GossipMember,
    number: number,
    place: number,
    sent: Charge[],
  ): boolean {
    if (!helper.active || helper.swim!.hasGossip) return false;
    if (!this.#reach.probes(prober.index, helper.index) || !this.#reach.probes(helper.index, target.index))
      return false;
    const hops = [
      this.#path(prober, helper),
      this.#path(helper, target),
      this.#path(target, helper),
      this.#path(helper, prober),
    ];
    const { link, first } = prober.probePackets;
    return HELP.every((kind, i) => {
      const message = first(number) + placeOf(kind, place, this.#parameters.indirectChecks);
      return this.#passes(link, hops[i]!, message, this.#bytesOf(kind), sent);
    });
  }

  #answersStream(member: GossipMember, there: Path, back: Path, number: number, sent: Charge[]): boolean {
    const { dialler } = member;
    const first = dialler.firstMessage('other', pingConnection(number));
    return STREAM_BYTES.every((bytes, i) =>
      this.#passes(dialler.link, i % 2 === 0 ? there : back, first + i, bytes, sent),
    );
  }

  #passes(link: Link, path: Path | null, number: number, bytes: number, sent: Charge[]): boolean {
    if (path === null || !link.isRegular(path, number)) return false;
    sent.push(this.#charge(path, bytes, false));
    return true;
  }

  /** null where a fault would feel each message. */
  #path(from: GossipMember, to: GossipMember): Path | null {
    const path = this.#world.network.path(from.node.index, to.node.index);
    return path.effects.length > 0 || path.blocked ? null : path;
  }

  #charge(path: Path, bytes: number, lost: boolean): Charge {
    return { row: this.#traffic.of(path.linkClass), bytes, lost };
  }

  #bytesOf(kind: Exclude<PacketKind, 'gossip'>): number {
    return MESSAGE_BYTES[kind] + this.#parameters.encryptionBytes + PACKET_HEADER_BYTES;
  }
}
