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
  /** It can arrive until then, at most. */
  readonly untilUs: number;
  /** It was put on its way, or has arrived. */
  over: boolean;
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
const LINE_MIN = 64;

export class UnsentPackets {
  readonly #kernel: Kernel;
  readonly #members: readonly GossipMember[];
  readonly #roster: Roster;
  readonly #waiting: (Waiting | undefined)[] = [];
  #lastUs = Number.NEGATIVE_INFINITY;
  /** All of them as they were sent, from #head on: the lists of those that have arrived are used again at once. */
  #line: Unsent[] = [];
  #head = 0;

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
      this.#waiting[packet.to] = waiting = {
        packets: [],
        lastUs: Number.NEGATIVE_INFINITY,
        sweepAt: SWEEP_AT,
      };
    const untilUs = sentUs + withinUs;
    const unsent = { packet, link, sentUs, bytes, untilUs, over: false };
    this.#lastUs = Math.max(this.#lastUs, untilUs);
    waiting.lastUs = Math.max(waiting.lastUs, untilUs);
    this.#letGo();
    this.#line.push(unsent);
    waiting.packets.push(unsent);
    if (waiting.packets.length >= waiting.sweepAt) sweep(waiting);
  }

  #letGo(): void {
    const { nowUs } = this.#kernel;
    const line = this.#line;
    while (this.#head < line.length && (line[this.#head]!.over || line[this.#head]!.untilUs < nowUs)) {
      const unsent = line[this.#head++]!;
      if (!unsent.over) this.#roster.lists.giveBack(unsent.packet.updates);
      unsent.over = true;
    }
    if (this.#head < LINE_MIN || 2 * this.#head < line.length) return;
    line.splice(0, this.#head);
    this.#head = 0;
  }

  /** The receiver is about to change. */
  sendTo(receiver: number): void {
    const waiting = this.#waiting[receiver];
    if (waiting === undefined || waiting.lastUs < this.#kernel.nowUs) return;
    for (const unsent of waiting.packets) if (!unsent.over) this.#send(unsent);
    waiting.packets.length = 0;
    waiting.lastUs = Number.NEGATIVE_INFINITY;
  }

  /** Everything is about to change. */
  sendAll(): void {
    if (this.#lastUs < this.#kernel.nowUs) return;
    for (let receiver = 0; receiver < this.#waiting.length; receiver++) this.sendTo(receiver);
    this.#lastUs = Number.NEGATIVE_INFINITY;
  }

  #send(unsent: Unsent): void {
    const { packet, link, sentUs, bytes } = unsent;
    unsent.over = true;
    const kernel = this.#kernel;
    const from = this.#members[packet.from]!.node.index;
    const to = this.#members[packet.to]!.node.index;
    const atUs = sentUs + link.transitUs(packet.number, bytes, from, to);
    if (kernel.isPast(atUs, link.stream.id, packet.number)) this.#roster.lists.giveBack(packet.updates);
    else kernel.schedule(atUs, link.stream, packet.number, packet);
  }
}

function sweep(waiting: Waiting): void {
  const { packets } = waiting;
  let kept = 0;
  for (const unsent of packets) if (!unsent.over) packets[kept++] = unsent;
  packets.length = kept;
  waiting.sweepAt = Math.max(SWEEP_AT, 2 * kept);
}
