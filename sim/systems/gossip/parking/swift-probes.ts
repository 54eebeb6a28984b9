/**
 * Probes that are known to be answered: begun while neither side has anything to tell, by messages that are regular, or by
 * helpers. While nothing changes at any of those until the answer is there, nobody sees anything of them. When something is
 * about to change, they are put where they are by then.
 */
import type { Kernel } from '../../../kernel/kernel.ts';
import { ALIVE, MESSAGE_BYTES, type Packet } from '../../../protocols/swim/index.ts';
import type { World } from '../../../world/world.ts';
import type { TrafficCounter } from '../../traffic.ts';
import { type GossipMember, PACKET_HEADER_BYTES } from '../member.ts';
import { packetPlace } from '../packet-place.ts';
import type { GossipParameters } from '../parameters.ts';
import { type Help, HelpedProbes } from './helped-probes.ts';
import type { Reach } from './reach.ts';

/** A member's latest. */
interface SwiftProbe {
  target: number;
  number: number;
  startUs: number;
  /** The answer is there by then. */
  untilUs: number;
  /** Who helped it through; null when nobody had to. */
  help: Help | null;
}

const NEVER = Number.NEGATIVE_INFINITY;

export class SwiftProbes {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #members: readonly GossipMember[];
  readonly #traffic: TrafficCounter;
  readonly #reach: Reach;
  readonly #parameters: GossipParameters;
  readonly #pingBytes: number;
  readonly #ackBytes: number;
  readonly #probes: SwiftProbe[];
  readonly #helped: HelpedProbes;
  /** By target and helper: who probes it, or through it, and until when at most. */
  readonly #probers: number[][];
  readonly #untilUs: Float64Array;
  #lastUs = NEVER;

  constructor(
    kernel: Kernel,
    world: World,
    members: readonly GossipMember[],
    size: number,
    parameters: GossipParameters,
    traffic: TrafficCounter,
    reach: Reach,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#members = members;
    this.#traffic = traffic;
    this.#reach = reach;
    this.#parameters = parameters;
    const more = parameters.encryptionBytes + PACKET_HEADER_BYTES;
    this.#pingBytes = MESSAGE_BYTES.ping + more;
    this.#ackBytes = MESSAGE_BYTES.ack + more;
    this.#probes = Array.from({ length: size }, () => ({
      target: -1,
      number: 0,
      startUs: 0,
      untilUs: NEVER,
      help: null,
    }));
    this.#helped = new HelpedProbes(kernel, world, members, parameters, traffic, reach);
    this.#probers = Array.from({ length: size }, () => []);
    this.#untilUs = new Float64Array(size).fill(NEVER);
  }

  /** A member is about to probe another; true when that is as good as done. */
  take(member: GossipMember, target: number, number: number): boolean {
    const kernel = this.#kernel;
    if (!kernel.parking || kernel.replaying) return false;
    const swim = member.swim!;
    const other = this.#members[target]!;
    if (swim.score > 0 || swim.hasGossip || swim.view.state(target) !== ALIVE) return false;
    if (!other.active || other.swim!.hasGossip) return false;
    const reach = this.#reach;
    reach.refresh();
    if (!reach.probes(member.index, target)) return false;
    const { network } = this.#world;
    const there = network.path(member.node.index, other.node.index);
    const back = network.path(other.node.index, member.node.index);
    const { link } = member.probePackets;
    const first = member.probePackets.first(number);
    const arrives = link.isRegular(there, first);
    if (!arrives || !link.isRegular(back, first + 1)) {
      const help = reach.instant ? null : this.#helped.foresee(member, target, number, arrives);
      if (help === null) return false;
      this.#note(member.index, target, number, kernel.nowUs + help.windowUs, help);
      return true;
    }
    if (reach.instant && this.#isInstant(member, other, first)) return false;
    const row = this.#traffic.of(there.linkClass);
    row.messages += 2;
    row.bytes += this.#pingBytes + this.#ackBytes;
    this.#note(member.index, target, number, kernel.nowUs + reach.probeUs, null);
    return true;
  }

  /**
   * What arrives in the microsecond in which it is sent comes before what somebody else sends in that microsecond later on,
   * and from the order of streams and numbers alone (`isPast`) nobody could tell that.
   */
  #isInstant({ node, probePackets }: GossipMember, other: GossipMember, first: number): boolean {
    const { link } = probePackets;
    return (
      link.transitUs(first, this.#pingBytes, node.index, other.node.index) === 0 ||
      link.transitUs(first + 1, this.#ackBytes, other.node.index, node.index) === 0
    );
  }

  #note(prober: number, target: number, number: number, untilUs: number, help: Help | null): void {
    const probe = this.#probes[prober]!;
    probe.target = target;
    probe.number = number;
    probe.startUs = this.#kernel.nowUs;
    probe.untilUs = untilUs;
    probe.help = help;
    this.#touches(prober, target, untilUs);
    if (help !== null) for (const helper of help.helpers) this.#touches(prober, helper, untilUs);
    this.#lastUs = Math.max(this.#lastUs, untilUs);
  }

  #touches(prober: number, member: number, untilUs: number): void {
    if (this.#untilUs[member]! < this.#kernel.nowUs) this.#probers[member]!.length = 0;
    this.#probers[member]!.push(prober);
    this.#untilUs[member] = Math.max(this.#untilUs[member]!, untilUs);
  }

  /** A member's next probe is due: its last one may not be over. */
  due(prober: number): void {
    this.#send(prober);
  }

  /** A member is about to change: its own probe, and those of it and through it, take place. */
  changing(member: number): void {
    this.#send(member);
    if (this.#untilUs[member]! < this.#kernel.nowUs) return;
    this.#untilUs[member] = NEVER;
    for (const prober of this.#probers[member]!) {
      const { target, help } = this.#probes[prober]!;
      if (target === member || help?.helpers.includes(member)) this.#send(prober);
    }
  }

  /** Everything is about to change. */
  changingAll(): void {
    if (this.#lastUs < this.#kernel.nowUs) return;
    this.#lastUs = NEVER;
    for (let prober = 0; prober < this.#probes.length; prober++) this.#send(prober);
  }

  #send(prober: number): void {
    const kernel = this.#kernel;
    const probe = this.#probes[prober]!;
    if (probe.untilUs < kernel.nowUs) return;
    probe.untilUs = NEVER;
    const { target, number, startUs, help } = probe;
    const member = this.#members[prober]!;
    if (help !== null) {
      this.#helped.goThrough(member, target, number, startUs, help);
      return;
    }
    const [here, there] = [member.node.index, this.#members[target]!.node.index];
    const { link } = member.probePackets;
    const first = member.probePackets.first(number);
    const arrivesUs = startUs + link.transitUs(first, this.#pingBytes, here, there);
    if (!kernel.isPast(arrivesUs, link.stream.id, first)) {
      const row = this.#traffic.of(this.#world.network.path(there, here).linkClass);
      row.messages--;
      row.bytes -= this.#ackBytes;
      this.#resume(member, probe, 'ping', arrivesUs);
      return;
    }
    const answeredUs = arrivesUs + link.transitUs(first + 1, this.#ackBytes, there, here);
    if (!kernel.isPast(answeredUs, link.stream.id, first + 1)) this.#resume(member, probe, 'ack', answeredUs);
  }

  /** It takes place after all: its ping, or the answer, arrives then. */
  #resume(
    member: GossipMember,
    { target, number, startUs }: SwiftProbe,
    kind: 'ping' | 'ack',
    atUs: number,
  ): void {
    const probe = member.swim!.openProbe(target, number, startUs);
    const { link, first } = member.probePackets;
    const { encryptionBytes, indirectChecks, probeTimeoutUs } = this.#parameters;
    const packet: Packet = {
      kind,
      from: kind === 'ping' ? member.index : target,
      to: kind === 'ping' ? target : member.index,
      probe,
      relay: null,
      updates: null,
      events: null,
      bytes: MESSAGE_BYTES[kind] + encryptionBytes,
      number: 0,
    };
    this.#kernel.schedule(atUs, link.stream, first(number) + packetPlace(packet, indirectChecks), packet);
    member.awaitProbe(probe, startUs + probeTimeoutUs);
  }
}
