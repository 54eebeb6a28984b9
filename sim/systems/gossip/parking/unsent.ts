/**
 * Gossip that its receiver knew already when it was sent: its arrival changes nothing, unless the receiver changes first.
 * Such packets are kept for as long as they could be under way, and put on their way when that happens.
 */
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Packet, Roster } from '../../../protocols/swim/index.ts';
import type { Link } from '../../../world/link.ts';
import type { GossipMember } from '../member.ts';

interface Unsent {
  readonly packet: Packet;
  readonly link: Link;
  readonly sentUs: number;
  /** On the wire. */
  readonly bytes: number;
}

/** Of one receiver. */
interface Waiting {
  packets: Unsent[];
  /** The latest that any can arrive. */
  lastUs: number;
  /** At so many, those that have arrived are let go. */
  sweepAt: number;
}

const SWEEP_AT = 4;

export class UnsentPackets {
  readonly #kernel: Kernel;
  readonly #members: readonly GossipMember[];
  readonly #roster: Roster;
  readonly #waiting: (Waiting | undefined)[] = [];
  #lastUs = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel, members: readonly GossipMember[], roster: Roster) {
    this.#kernel = kernel;
    this.#members = members;
    this.#roster = roster;
  }

  /** It is under way for `withinUs` at most. */
  add(packet: Packet, link: Link, bytes: number, withinUs: number): void {
    const sentUs = this.#kernel.nowUs;
    let waiting = this.#waiting[packet.to];
    if (waiting === undefined)
      this.#waiting[packet.to] = waiting = { packets: [], lastUs: 0, sweepAt: SWEEP_AT };
    this.#lastUs = waiting.lastUs = sentUs + withinUs;
    waiting.packets.push({ packet, link, sentUs, bytes });
    if (waiting.packets.length >= waiting.sweepAt) this.#sweep(waiting, sentUs - withinUs);
  }

  /** The receiver is about to change. */
  sendTo(receiver: number): void {
    const waiting = this.#waiting[receiver];
    if (waiting === undefined || waiting.lastUs < this.#kernel.nowUs) return;
    for (const unsent of waiting.packets) this.#send(unsent);
    waiting.packets.length = 0;
    waiting.lastUs = Number.NEGATIVE_INFINITY;
  }

  /** Everything is about to change. */
  sendAll(): void {
    if (this.#lastUs < this.#kernel.nowUs) return;
    for (let receiver = 0; receiver < this.#waiting.length; receiver++) this.sendTo(receiver);
    this.#lastUs = Number.NEGATIVE_INFINITY;
  }

  #send({ packet, link, sentUs, bytes }: Unsent): void {
    const kernel = this.#kernel;
    const from = this.#members[packet.from]!.node.index;
    const to = this.#members[packet.to]!.node.index;
    const atUs = sentUs + link.transitUs(packet.number, bytes, from, to);
    if (kernel.isPast(atUs, link.stream.id, packet.number)) this.#roster.lists.giveBack(packet.updates);
    else kernel.schedule(atUs, link.stream, packet.number, packet);
  }

  #sweep(waiting: Waiting, sentBeforeUs: number): void {
    const { packets } = waiting;
    let kept = 0;
    for (const unsent of packets) {
      if (unsent.sentUs < sentBeforeUs) this.#roster.lists.giveBack(unsent.packet.updates);
      else packets[kept++] = unsent;
    }
    packets.length = kept;
    waiting.sweepAt = Math.max(SWEEP_AT, 2 * kept);
  }
}
