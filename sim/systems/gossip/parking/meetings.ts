/** Counts the messages that a member has exchanged with others while it rested. */
import { ALIVE, type Met, SUSPECT } from '../../../protocols/swim/index.ts';
import type { World } from '../../../world/world.ts';
import type { TrafficCounter } from '../../traffic.ts';
import type { GossipMember } from '../member.ts';
import type { Reach } from './reach.ts';

export class Meetings {
  readonly met: Met;
  /** Whom it may meet, 1 each, and how many those are. */
  readonly eligible: Uint8Array;
  listed = 0;
  readonly #members: readonly GossipMember[];
  readonly #world: World;
  readonly #traffic: TrafficCounter;
  readonly #reach: Reach;
  #member!: GossipMember;
  /** Who is not eligible: the first so many. */
  readonly #out: Int32Array;
  #outCount = 0;
  #classOf: Int32Array | null = null;
  #size = new Float64Array(0);
  readonly #known: Int32Array;
  #knownLooked = false;
  /** By class of members: how often one was met, which one, and bytes. */
  #times = new Float64Array(0);
  #bytes = new Float64Array(0);
  #one = new Int32Array(0);

  constructor(
    members: readonly GossipMember[],
    size: number,
    world: World,
    traffic: TrafficCounter,
    reach: Reach,
  ) {
    this.#members = members;
    this.#world = world;
    this.#traffic = traffic;
    this.#reach = reach;
    this.eligible = new Uint8Array(size);
    this.met = { rounds: 0, count: 0, members: new Int32Array(2 * size) };
    this.#known = new Int32Array(size);
    this.#out = new Int32Array(size);
  }

  /** A member has met others that it holds alive, or that it suspects too. */
  begin(member: GossipMember, suspects: boolean): void {
    const { eligible, met } = this;
    const { view, roster } = member.swim!;
    this.#member = member;
    met.rounds = 0;
    met.count = 0;
    this.#times.fill(0);
    this.#bytes.fill(0);
    this.#bySubject();
    eligible.fill(1);
    this.#outCount = 0;
    this.#leaveOut(member.index);
    for (let slot = 0; slot < roster.slotCount; slot++) {
      const subject = roster.subjectOf[slot]!;
      if (subject < 0 || subject === member.index) continue;
      const state = view.state(subject);
      if (state === ALIVE || (suspects && state === SUSPECT)) continue;
      this.#leaveOut(subject);
    }
    this.listed = roster.size - this.#outCount;
  }

  #leaveOut(subject: number): void {
    this.eligible[subject] = 0;
    this.#out[this.#outCount++] = subject;
  }

  /** How many members there are in each class. */
  #bySubject(): void {
    const { classOf } = this.#reach;
    if (this.#classOf === classOf) return;
    this.#classOf = classOf;
    const { classCount } = this.#reach;
    this.#size = new Float64Array(classCount);
    this.#times = new Float64Array(classCount);
    this.#bytes = new Float64Array(classCount);
    this.#one = new Int32Array(classCount);
    for (let member = 0; member < classOf.length; member++) this.#size[classOf[member]!]!++;
  }

  /** One more was met, on no ring. */
  add(peer: number): void {
    const at = this.#reach.classOf[peer]!;
    this.#times[at]!++;
    this.#one[at] = peer;
  }

  /** So many messages each time, and bytes, and as many more for each one that the one who was met knows. */
  count(messages: number, bytes: number, bytesOfKnown: number): void {
    const { met } = this;
    const { classCount, classOf } = this.#reach;
    if (bytesOfKnown > 0) this.#lookKnown();
    const times = this.#times;
    const one = this.#one;
    for (let i = 0; i < met.count; i++) {
      const peer = met.members[i]!;
      const at = classOf[peer]!;
      times[at]!++;
      one[at] = peer;
      if (bytesOfKnown > 0) this.#bytes[at]! += bytesOfKnown * this.#known[peer]!;
    }
    if (met.rounds > 0) this.#countRounds(met.rounds, bytesOfKnown);
    for (let at = 0; at < classCount; at++) if (times[at]! > 0) this.#count(at, messages, bytes);
  }

  /** Everyone who is eligible was met so many times. */
  #countRounds(rounds: number, bytesOfKnown: number): void {
    const { classCount, classOf } = this.#reach;
    const times = this.#times;
    for (let at = 0; at < classCount; at++) times[at]! += rounds * this.#size[at]!;
    for (let i = 0; i < this.#outCount; i++) times[classOf[this.#out[i]!]!]! -= rounds;
    this.#findOnes();
    if (bytesOfKnown === 0) return;
    for (let peer = 0; peer < classOf.length; peer++)
      if (this.eligible[peer] === 1)
        this.#bytes[classOf[peer]!]! += rounds * bytesOfKnown * this.#known[peer]!;
  }

  /** One eligible member of each class, where there is any. */
  #findOnes(): void {
    const { classCount, classOf } = this.#reach;
    let missing = classCount;
    this.#one.fill(-1);
    for (let peer = 0; peer < classOf.length && missing > 0; peer++) {
      if (this.eligible[peer] === 0 || this.#one[classOf[peer]!] !== -1) continue;
      this.#one[classOf[peer]!] = peer;
      missing--;
    }
  }

  /** Somebody knows more or fewer than before. */
  forgetKnown(): void {
    this.#knownLooked = false;
  }

  #lookKnown(): void {
    if (this.#knownLooked) return;
    this.#knownLooked = true;
    for (const { index, swim } of this.#members) this.#known[index] = swim === null ? 0 : swim.known;
  }

  #count(at: number, messages: number, bytes: number): void {
    const { network } = this.#world;
    const from = this.#member.node.index;
    const to = this.#members[this.#one[at]!]!.node.index;
    const times = this.#times[at]!;
    const path = network.path(from, to);
    const row = this.#traffic.of(path.linkClass);
    row.messages += messages * times;
    row.bytes += bytes * times + this.#bytes[at]!;
    for (const effect of path.effects) effect.felt += times;
    for (const effect of network.path(to, from).effects) effect.felt += times;
  }
}
