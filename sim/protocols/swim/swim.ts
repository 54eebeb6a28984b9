import type { Timings } from './formulas.ts';
import { gossipTick, merge, nextPeer, pushPullTick, type Snapshot, snapshot } from './gossiping.ts';
import type { SwimHost } from './host.ts';
import {
  awaitSuspicions,
  broadcast,
  declareDead,
  raiseIncarnation,
  takeAlive,
  takeDead,
  takeSuspect,
} from './membership.ts';
import { kindOf, type Packet, type Probe, type Relay, type UserEvent } from './message.ts';
import { send } from './packets.ts';
import {
  acked,
  help,
  helpersOf,
  launchProbe,
  nacked,
  openProbe,
  pingTimedOut,
  probeEnded,
  probeTick,
  relayAcked,
  relayTimedOut,
} from './probing.ts';
import { CONFIRMATIONS_SHIFT, FLAGS_MASK, STATE_MASK } from './records.ts';
import type { ProbeRing } from './ring.ts';
import type { Roster } from './roster.ts';
import { isStale } from './stale.ts';
import { type SwimCounters, type SwimDice, SwimState } from './state.ts';
import { ALIVE, DEAD, SUSPECT } from './states.ts';
import { SUBJECT_MASK, type UpdateList } from './update-list.ts';

/** One SWIM node. See index.ts for how a host drives it. */
export class Swim extends SwimState {
  /** A node of a cluster that has long been whole: it knows everyone. */
  static settled(
    self: number,
    timings: Timings,
    roster: Roster,
    host: SwimHost,
    dice: SwimDice,
    counters: SwimCounters,
  ): Swim {
    return new Swim(self, timings, roster, host, dice, counters, roster.baseIncarnation[self]!, false);
  }

  /** A process that has just started: it knows itself, and joins by exchanging state with someone (`snapshot`, `merge`). */
  static started(
    self: number,
    timings: Timings,
    roster: Roster,
    host: SwimHost,
    dice: SwimDice,
    counters: SwimCounters,
    incarnation: number,
  ): Swim {
    return new Swim(self, timings, roster, host, dice, counters, incarnation, true);
  }

  /** A process that has just started says that it is there. */
  announce(): void {
    broadcast(this, ALIVE, this.self, this.incarnation, this.self);
  }

  probeTick(nowUs: number): void {
    probeTick(this, nowUs);
  }

  /** A probe that began then, and of which nothing was sent, is under way after all. */
  openProbe(target: number, number: number, startUs: number): Probe {
    return openProbe(this, target, number, startUs);
  }

  /** Probe `number` begins now; its tick has been. */
  launchProbe(target: number, number: number, nowUs: number): void {
    launchProbe(this, target, number, nowUs);
  }

  /** Who would be asked, as things stand, to ping the target of probe `number`. */
  helpersOf(target: number, number: number): number[] {
    return helpersOf(this, target, number);
  }

  /** Tick `number` of the gossip ticker; ticks with nothing waiting may be left out. */
  gossipTick(number: number, nowUs: number): void {
    this.fetch();
    gossipTick(this, number, nowUs);
  }

  get hasGossip(): boolean {
    return this.updates.count > 0 || this.events.count > 0;
  }

  /** Starts an exchange with the next of a ring; false when none of them is held alive. */
  pushPullTick(peers: ProbeRing): boolean {
    return pushPullTick(this, peers);
  }

  /** The next of a ring that is held alive, -1 when there is none. */
  nextPeer(peers: ProbeRing): number {
    return nextPeer(this, peers);
  }

  pingTimedOut(probe: Probe): void {
    pingTimedOut(this, probe);
  }

  probeEnded(probe: Probe, nowUs: number): void {
    probeEnded(this, probe, nowUs);
  }

  relayTimedOut(relay: Relay): void {
    relayTimedOut(this, relay);
  }

  /** The target answered a TCP ping; it counts if the deadline has not passed. */
  contacted(probe: Probe): void {
    if (!probe.closed) probe.contacted = true;
  }

  /** Declares everyone dead whose suspicion has run out. */
  suspicionsDue(nowUs: number): void {
    this.fetch();
    for (let slot = this.suspicions.due(nowUs); slot >= 0; slot = this.suspicions.due(nowUs)) {
      declareDead(this, slot, nowUs);
    }
    awaitSuspicions(this);
  }

  /** A datagram arrived. Its protocol message is answered first; of the updates, alive ones go first, the last first. */
  receive(packet: Packet, nowUs: number): void {
    this.fetch();
    if (packet.kind !== 'gossip') this.#receiveOwn(packet, nowUs);
    const { updates, events } = packet;
    if (updates !== null) this.#takeUpdates(updates, nowUs);
    if (events !== null) for (let i = events.length - 1; i >= 0; i--) this.#takeEvent(events[i]!);
  }

  /** Would it make nothing of these updates, as it is now? */
  isStale(updates: UpdateList): boolean {
    return isStale(this, updates);
  }

  /**
   * A packet is about a member once. So it can be told beforehand what is no news: accusations of the dead, and of those
   * that are suspected by enough. (To look at all records first also lets the processor fetch them side by side.)
   */
  #takeUpdates(updates: UpdateList, nowUs: number): void {
    const { slotOf } = this.roster;
    const { records } = this.view;
    const settled = SUSPECT | (this.timings.confirmationsMax << CONFIRMATIONS_SHIFT);
    const { words } = updates;
    this.fetched = records.fetch(words, updates.count);
    let living = 0;
    let count = 0;
    for (let at = 2 * updates.count - 2; at >= 0; at -= 2) {
      const kind = kindOf(words[at + 1]!);
      const slot = slotOf[words[at]! & SUBJECT_MASK]!;
      if (kind === ALIVE) living++;
      else if (slot >= 0) {
        const flags = records.stateByte(slot) & FLAGS_MASK;
        if ((flags & STATE_MASK) >= DEAD || (flags === settled && kind === SUSPECT)) continue;
      }
      if (count === ages.length) growAges();
      ages[count] = slot >= 0 ? records.ageOf(slot) : 0;
      news[count++] = at >> 1;
    }
    this.fetched = this.updates.fetchAges(ages, count);
    if (living > 0) {
      for (let k = 0; k < count; k++) {
        const i = news[k]!;
        if (updates.kind(i) === ALIVE) takeAlive(this, updates.subject(i), updates.incarnation(i), nowUs);
      }
      if (living === count) return;
    }
    let suspects = 0;
    for (let k = 0; k < count; k++) {
      const i = news[k]!;
      const kind = updates.kind(i);
      if (kind === SUSPECT) {
        takeSuspect(this, updates.subject(i), updates.incarnation(i), updates.from(i), nowUs, 'told');
        suspects++;
      } else if (kind === DEAD) {
        takeDead(this, updates.subject(i), updates.incarnation(i), updates.from(i), nowUs, 'told', 0);
      }
    }
    if (suspects > 0) awaitSuspicions(this);
  }

  #receiveOwn(packet: Packet, nowUs: number): void {
    const { probe, relay } = packet;
    switch (packet.kind) {
      case 'ping':
        send(this, 'ack', packet.from, probe!, null);
        break;
      case 'relay-ping':
        send(this, 'relay-ack', packet.from, probe!, relay);
        break;
      case 'ping-req':
        help(this, relay!, nowUs);
        break;
      case 'relay-ack':
        relayAcked(this, relay!);
        break;
      case 'ack':
      case 'forwarded-ack':
        acked(this, probe!, nowUs);
        break;
      case 'nack':
        nacked(this, probe!);
        break;
    }
  }

  /** The process ends: nothing of it may be used any more. */
  stop(): void {
    this.updates.clear();
    this.events.clear();
  }

  /** Sends something to everyone by gossip. */
  broadcastEvent(event: UserEvent): void {
    this.host.stirs();
    this.heard.add(event.id);
    this.events.add(event.id & 0xffff, 0, this.roster.events.put(event), event.bytes);
    this.host.gossipWaits();
  }

  #takeEvent(event: UserEvent): void {
    const first = !this.heard.has(event.id);
    if (first) this.broadcastEvent(event);
    this.host.eventReceived(event.id, first);
  }

  /** Announces new data of its own (memberlist UpdateNode). */
  update(nowUs: number): void {
    raiseIncarnation(this, this.incarnation + 1, nowUs);
  }

  /** Says that it leaves in good order; it goes on gossiping until it is stopped. */
  leave(nowUs: number): void {
    if (this.leaving) return;
    this.leaving = true;
    takeDead(this, this.self, this.incarnation, this.self, nowUs, 'told', 0);
  }

  snapshot(): Snapshot {
    return snapshot(this);
  }

  /** Takes in the state of another, after a push/pull or a join. */
  merge(remote: Snapshot, nowUs: number): void {
    merge(this, remote, nowUs);
  }
}

/** Places in a datagram of what may be news, and the ages of what waits about the same members. */
const news: number[] = [];
let ages = new Int32Array(64);

function growAges(): void {
  const larger = new Int32Array(2 * ages.length);
  larger.set(ages);
  ages = larger;
}
