/**
 * Parks a Raft group while it is steady, and wakes it as if it had never left (DESIGN.md rule 7; the argument for
 * exactness is in docs/parking.md).
 */
import type { Kernel, Stream } from '../../../kernel/kernel.ts';
import type { EventId, PendingEvent } from '../../../kernel/queue.ts';
import { MAX_TIME_US } from '../../../kernel/time.ts';
import { newMessage } from '../../../protocols/raft/index.ts';
import type { Link } from '../../../world/link.ts';
import type { LinkEffect } from '../../../world/network.ts';
import type { Node } from '../../../world/node.ts';
import type { World } from '../../../world/world.ts';
import { ParkingTally } from '../../parking.ts';
import type { Traffic } from '../../system.ts';
import type { Member } from '../member.ts';
import { MESSAGE_BYTES, type Wire } from '../wire.ts';
import { type Bounds, BoundsBook, type Memory } from './bounds.ts';
import { Outlook, type OutlookStart, startsInDanger } from './outlook.ts';
import { type Peer, steadyPeers, type UnderWay, underWay } from './steady.ts';

/** What the parker needs to know of its group. */
export interface ParkedGroup {
  readonly kernel: Kernel;
  readonly world: World;
  readonly system: string;
  readonly hosts: readonly Member[];
  readonly wire: Wire;
  readonly traffic: readonly Traffic[];
  /** Streams whose events would change something: while one is pending the group stays awake. */
  readonly busyStreams: readonly Stream[];
  /** Why it may not park now, apart from its members; null when it may. */
  readonly busy: () => string | null;
}

/** What an event of a stream is to the group. */
const NOTHING = 0;
const TICK = 1;
const HEARTBEAT = 2;
const REPLY = 3;
const BUSY = 4;

/** Shorter rests are not worth it: so many heartbeats must be safe. */
const SAFE_MIN = 4;
/** Irregular messages are walked a stretch at a time: about so many, and more the longer the rest lasts. */
const FIRST_STRETCH = 64;
const LONGEST_STRETCH = 512;

const NONE: ReadonlySet<number> = new Set();
const NONE_LOST = { heartbeats: 0, replies: 0 };

interface Parked {
  readonly sinceUs: number;
  readonly leader: Member;
  readonly peers: readonly Peer[];
  readonly bounds: ReadonlyMap<number, Bounds>;
  readonly outlooks: ReadonlyMap<number, Outlook>;
  readonly messages: readonly PendingEvent[];
  readonly underWay: UnderWay;
  /** The leader's last tick and its counters then. */
  readonly tick: number;
  readonly electionElapsed: number;
  /** Between two heartbeats, in ticks. */
  readonly step: number;
  /** Irregular messages are known up to this number. */
  walkedTo: number;
  stretch: number;
  event: EventId;
}

export class Parker {
  readonly tally: ParkingTally;
  readonly #group: ParkedGroup;
  readonly #kernel: Kernel;
  readonly #timer: Stream;
  #timerNumber = 0;
  readonly #kinds: Uint8Array;
  readonly #boundsBook = new BoundsBook();
  #parked: Parked | null = null;
  #notBeforeUs = Number.NEGATIVE_INFINITY;

  constructor(group: ParkedGroup) {
    this.#group = group;
    this.#kernel = group.kernel;
    this.tally = new ParkingTally(group.kernel, group.system, '');
    this.#timer = group.kernel.stream(`${group.system}/parking`, (_n: number, act: () => void) => act());
    this.#kinds = kindsOf(group, this.#timer.id);
  }

  get parked(): boolean {
    return this.#parked !== null;
  }

  /** After a tick of a leader: rests if the group is steady. */
  consider(leader: Member): void {
    const kernel = this.#kernel;
    if (kernel.nowUs < this.#notBeforeUs || leader.raft.heartbeatElapsed !== 0) return;
    const reason = this.#group.busy() ?? this.#tryToPark(leader);
    if (reason !== null) this.tally.awake(reason);
  }

  /** The world is about to change: wakes if that concerns two members, or one of them. */
  changing(node: Node | null, effect: LinkEffect | null): void {
    if (this.#parked === null) return;
    const { hosts } = this.#group;
    const concerned =
      node === null ? effect === null || touchesTwo(effect, hosts) : hosts.some((host) => host.node === node);
    if (concerned) this.wake();
  }

  /** Back to the state just before the event that is being handled now. */
  wake(): void {
    const parked = this.#parked;
    if (parked === null) return;
    this.#parked = null;
    this.#kernel.cancel(parked.event);
    this.tally.wakes();
    const { traffic } = this.#group;
    const counts = traffic.map(({ messages, lost, bytes }) => [messages, lost, bytes] as const);
    const fromUs = this.#replayFromUs(parked);
    if (fromUs <= parked.sinceUs) this.#kernel.replay(parked.sinceUs, () => this.#goOn(parked));
    else this.#kernel.replay(fromUs, () => this.#startAnew(parked, fromUs));
    // What the replay sends has been sent before.
    for (let i = 0; i < counts.length; i++)
      [traffic[i]!.messages, traffic[i]!.lost, traffic[i]!.bytes] = counts[i]!;
    this.#count(parked);
    for (const { member, rest } of parked.peers) if (rest === 'queues') this.#queued(parked, member);
  }

  #tryToPark(leader: Member): string | null {
    const { world, wire, hosts } = this.#group;
    const peers = steadyPeers(world, wire, hosts, leader);
    if (typeof peers === 'string') return peers;
    const bounds = new Map<number, Bounds>();
    for (const { member, live } of peers) {
      if (!live) continue;
      const there = wire.way(leader.id - 1, member.id - 1);
      const back = wire.way(member.id - 1, leader.id - 1);
      const found = this.#boundsBook.of(world, leader, member, there, back);
      if (typeof found === 'string') return found;
      bounds.set(member.id, found);
    }
    const pending = this.#kernel.pendingOf((stream) => this.#kindOf(stream) !== NOTHING);
    const heartbeats: PendingEvent[] = [];
    const replies: PendingEvent[] = [];
    for (const event of pending) {
      const kind = this.#kindOf(event.stream);
      if (kind === BUSY) return 'something is under way';
      if (kind === HEARTBEAT) heartbeats.push(event);
      else if (kind === REPLY) replies.push(event);
    }
    const messages = underWay(heartbeats, replies, leader, peers);
    if (messages === null) return 'messages of another leader are under way';
    return this.#park(leader, peers, bounds, pending, messages);
  }

  #park(
    leader: Member,
    peers: readonly Peer[],
    bounds: ReadonlyMap<number, Bounds>,
    pending: readonly PendingEvent[],
    messages: UnderWay,
  ): string | null {
    const kernel = this.#kernel;
    const { wire } = this.#group;
    const { heartbeatTicks, checkQuorum } = leader.parameters;
    const outlooks = new Map<number, Outlook>();
    const sentAtUs = (number: number) => leader.ticker.timeOf(number);
    for (const { member, live } of peers) {
      const heartbeats = messages.heartbeats.get(member.id) ?? [];
      const known = bounds.get(member.id) ?? null;
      if (!live || known === null) continue;
      const replies = messages.replies.get(member.id) ?? [];
      const heartbeatsByUs = latest(heartbeats, kernel.nowUs);
      const answersByUs = latest(replies, kernel.nowUs);
      if (
        heartbeatsByUs - kernel.nowUs > known.memory.heartbeatUs ||
        answersByUs - kernel.nowUs > known.memory.answerUs
      )
        return 'a message is late';
      const start: OutlookStart = {
        sentAtUs,
        step: heartbeatTicks,
        lastSent: leader.ticker.number,
        nowUs: kernel.nowUs,
        heardUs: heardUs(member),
        underWay: heartbeats.map(({ number }) => number).sort((a, b) => a - b),
        heartbeatsByUs,
        answersByUs,
        checksQuorum: checkQuorum,
      };
      // Where every message is regular there is nothing to look out for but the beginning.
      if (known.heartbeatPath.irregular + known.replyPath.irregular === 0 && !startsInDanger(known, start))
        continue;
      const there = wire.way(leader.id - 1, member.id - 1);
      const back = wire.way(member.id - 1, leader.id - 1);
      outlooks.set(member.id, new Outlook(there, back, known, start));
    }
    const parked: Parked = {
      sinceUs: kernel.nowUs,
      leader,
      peers,
      bounds,
      outlooks,
      messages: pending.filter(({ stream }) => this.#kindOf(stream) !== TICK),
      underWay: messages,
      tick: leader.ticker.number,
      electionElapsed: leader.raft.electionElapsed,
      step: heartbeatTicks,
      walkedTo: leader.ticker.number,
      stretch: FIRST_STRETCH,
      event: -1,
    };
    const danger = this.#walk(parked);
    if (danger <= parked.tick + SAFE_MIN * parked.step) {
      this.#notBeforeUs = leader.ticker.timeOf(Math.max(danger, parked.tick));
      return 'messages are lost or late too often';
    }
    for (const { id } of pending) kernel.cancel(id);
    for (const { member, rest } of peers)
      if (rest === 'queues') wire.channel(leader.id - 1, member.id - 1)!.leave();
    for (const host of this.#group.hosts) host.ticker.stop();
    this.#parked = parked;
    this.tally.parks();
    this.#setTimer(parked, danger);
    return null;
  }

  /** Looks a stretch further ahead; the first number that is a danger. */
  #walk(parked: Parked): number {
    let share = 0;
    for (const { telling } of parked.bounds.values()) share += telling;
    parked.walkedTo += share > 0 ? Math.ceil(parked.stretch / share) * parked.step : Infinity;
    parked.stretch = Math.min(2 * parked.stretch, LONGEST_STRETCH);
    const last = lastNumber(parked.leader, this.#kernel.nowUs);
    let danger = Number.POSITIVE_INFINITY;
    for (const outlook of parked.outlooks.values()) {
      outlook.walkTo(Math.min(parked.walkedTo, last, danger));
      danger = Math.min(danger, outlook.danger);
    }
    return danger;
  }

  /** For just before the danger, or for when what lies ahead is no longer known. */
  #setTimer(parked: Parked, danger: number): void {
    const kernel = this.#kernel;
    const { ticker } = parked.leader;
    const ends = danger > parked.walkedTo;
    if (ends && parked.walkedTo === Number.POSITIVE_INFINITY) return;
    const atUs = Math.max(kernel.nowUs, ticker.timeOf(ends ? parked.walkedTo : danger) - 1);
    if (atUs > MAX_TIME_US) return;
    parked.event = kernel.schedule(atUs, this.#timer, this.#timerNumber++, () => {
      if (!ends) {
        this.wake();
        return;
      }
      const settled = ticker.firstFrom(Math.max(parked.sinceUs, kernel.nowUs - memory(parked))) - parked.step;
      for (const outlook of parked.outlooks.values()) outlook.settle(settled);
      this.#setTimer(parked, this.#walk(parked));
    });
  }

  /** From where a replay knows everything that is still felt. */
  #replayFromUs(parked: Parked): number {
    const { sinceUs } = parked;
    const regularUs = this.#knownFromUs(parked, ({ regularMemory }) => regularMemory);
    // What was irregular before has landed by then.
    const settledUs = regularUs - memory(parked);
    if (settledUs > sinceUs && this.#regularSince(parked, settledUs)) return regularUs;
    return this.#knownFromUs(parked, ({ memory }) => memory);
  }

  /** From where it does, if what was sent is felt for so long. */
  #knownFromUs(parked: Parked, memoryOf: (bounds: Bounds) => Memory): number {
    const { leader } = parked;
    const nowUs = this.#kernel.nowUs;
    let answerUs = 0;
    let hearingUs = 0;
    let intervalUs = 0;
    for (const bounds of parked.bounds.values()) {
      const felt = memoryOf(bounds);
      answerUs = Math.max(answerUs, felt.answerUs);
      hearingUs = Math.max(hearingUs, felt.heartbeatUs + felt.silenceUs);
      intervalUs = Math.max(intervalUs, bounds.intervalUs);
    }
    const tick = lastTick(this.#kernel, leader);
    const checkedUs = leader.parameters.checkQuorum
      ? leader.ticker.timeOf(tick - this.#elapsedAt(parked, tick))
      : nowUs;
    // Once a heartbeat that left after the check has been answered, every follower has been heard of since.
    const allAnswered = nowUs > checkedUs + intervalUs + answerUs + 2;
    return Math.min((allAnswered ? nowUs : checkedUs) - answerUs, nowUs - hearingUs) - intervalUs - 2;
  }

  /** No heartbeat that left since then, nor its answer, was irregular. */
  #regularSince({ leader, outlooks }: Parked, sinceUs: number): boolean {
    const first = leader.ticker.firstFrom(sinceUs);
    const last = lastTick(this.#kernel, leader);
    for (const outlook of outlooks.values()) if (outlook.firstIrregular(first) <= last) return false;
    return true;
  }

  /** The leader's ticks since it checked its quorum, at one of its ticks. */
  #elapsedAt(parked: Parked, tick: number): number {
    return (parked.electionElapsed + tick - parked.tick) % parked.leader.parameters.electionTicks;
  }

  /** Soon after parking: from there on. */
  #goOn(parked: Parked): void {
    for (const host of this.#group.hosts) if (host.running) host.ticker.goOnAfter(host.ticker.number);
    for (const event of parked.messages) this.#kernel.scheduleAgain(event);
  }

  /** Later: from a moment whose traces are lost by now. */
  #startAnew(parked: Parked, fromUs: number): void {
    const { leader } = parked;
    for (const host of this.#group.hosts) {
      if (!host.running) continue;
      const tick = host.ticker.firstFrom(fromUs) - 1;
      // All have heard from it since they parked, and taken over what its heartbeats go back to.
      host.cause = leader.cause;
      host.raft.electionElapsed = host === leader ? this.#elapsedAt(parked, tick) : 0;
      if (host === leader) host.raft.heartbeatElapsed = (tick - parked.tick) % parked.step;
      host.ticker.goOnAfter(tick);
    }
    const tick = leader.ticker.firstFrom(fromUs) - 1;
    const checkedMeanwhile =
      leader.parameters.checkQuorum && tick - this.#elapsedAt(parked, tick) > parked.tick;
    for (const { member, live } of parked.peers) {
      const progress = leader.raft.progressOf(member.id)!;
      if (live) progress.recentActive = true;
      else if (checkedMeanwhile) progress.recentActive = false;
    }
  }

  /** Tells the channel to a lost member of the heartbeats that were sent into it. */
  #queued(parked: Parked, member: Member): void {
    const { leader, sinceUs, step, tick } = parked;
    const { ticker, raft } = leader;
    const { wire } = this.#group;
    const [from, to] = [leader.id - 1, member.id - 1];
    const commit = Math.min(raft.progressOf(member.id)!.match, raft.commit);
    const { cause } = leader;
    wire.channel(from, to)!.comeBack({
      fromUs: sinceUs,
      visit: (afterUs, take) => {
        if (afterUs === Number.POSITIVE_INFINITY) return;
        const first = tick + Math.ceil((ticker.firstFrom(afterUs) - tick) / step) * step;
        for (let number = first; number <= ticker.number; number += step) {
          const atUs = ticker.timeOf(number);
          if (atUs <= afterUs) continue;
          const message = newMessage('MsgHeartbeat', leader.id, member.id, raft.term);
          Object.assign(message, { number, commit, cause });
          take(wire.heartbeatLetter(from, to, message), atUs);
        }
      },
    });
  }

  /** Counts what was sent and lost while parked. */
  #count(parked: Parked): void {
    const { wire } = this.#group;
    const { leader, tick, step } = parked;
    const lastSent = tick + Math.floor((leader.ticker.number - tick) / step) * step;
    const sent = (lastSent - tick) / step;
    const waiting = new Map<number, Set<number>>();
    for (const { payload, number } of this.#kernel.pendingOf((s) => this.#kindOf(s) === HEARTBEAT)) {
      const { to } = payload as { to: number };
      waiting.set(to, (waiting.get(to) ?? new Set()).add(number));
    }
    for (const { member, live, rest } of parked.peers) {
      const { traffic, heartbeat } = wire.way(leader.id - 1, member.id - 1);
      if (rest !== 'refuses') add(traffic, sent, 0);
      if (!live) {
        if (rest === null) traffic.lost += lostToNobody(heartbeat, tick, lastSent, step);
        continue;
      }
      const outlook = parked.outlooks.get(member.id);
      const pending = waiting.get(member.id) ?? NONE;
      const lost = outlook?.lost(lastSent, pending) ?? NONE_LOST;
      traffic.lost += lost.heartbeats;
      const before = parked.underWay.heartbeats.get(member.id)?.length ?? 0;
      const answered = before + sent - (outlook?.unanswered ? lost.heartbeats : 0) - pending.size;
      add(wire.way(member.id - 1, leader.id - 1).traffic, answered, lost.replies);
    }
  }

  #kindOf(stream: number): number {
    return this.#kinds[stream] ?? NOTHING;
  }
}

function kindsOf({ hosts, wire, busyStreams }: ParkedGroup, streams: number): Uint8Array {
  const kinds = new Uint8Array(streams + 1);
  for (const host of hosts) {
    kinds[host.ticker.streamId] = TICK;
    kinds[host.diskStreamId] = BUSY;
    for (const other of hosts) {
      if (other === host) continue;
      const way = wire.way(host.id - 1, other.id - 1);
      kinds[way.heartbeat.stream.id] = HEARTBEAT;
      kinds[way.heartbeatReply.stream.id] = REPLY;
      kinds[way.other.stream.id] = BUSY;
    }
  }
  for (const stream of busyStreams) kinds[stream.id] = BUSY;
  return kinds;
}

/** The last tick that any run can come to; numbers beyond it could not be told from their neighbours. */
function lastNumber({ ticker }: Member, nowUs: number): number {
  const ticks = Math.floor((MAX_TIME_US - nowUs) / ticker.periodUs);
  return Math.min(ticker.number + ticks, Number.MAX_SAFE_INTEGER - 1);
}

/** The last of the leader's ticks that have been handled. */
function lastTick(kernel: Kernel, { ticker }: Member): number {
  const next = ticker.firstFrom(kernel.nowUs);
  return kernel.isPast(ticker.timeOf(next), ticker.streamId, next) ? next : next - 1;
}

/**
 * When the follower may have heard from its leader, so that counting from there (a tick at once, then one each period) it
 * comes to its elapsed ticks, and goes on at the present rate of its clock.
 */
function heardUs({ ticker, raft }: Member): number {
  return ticker.timeOf(ticker.number + 1) - Math.ceil(raft.electionElapsed * ticker.periodUs);
}

/** How long what was sent is still felt, with the time between two heartbeats. */
function memory({ bounds }: Parked): number {
  let us = 0;
  for (const { memory, intervalUs } of bounds.values()) us = Math.max(us, memory.answerUs + 2 * intervalUs);
  return us;
}

function latest(events: readonly PendingEvent[], nowUs: number): number {
  let us = nowUs;
  for (const { timeUs } of events) us = Math.max(us, timeUs);
  return us;
}

function touchesTwo(effect: LinkEffect, hosts: readonly Member[]): boolean {
  const { from, to } = effect;
  return hosts.some((a) => from.has(a.node.index) && hosts.some((b) => a !== b && to.has(b.node.index)));
}

function add(traffic: Traffic, messages: number, lost: number): void {
  traffic.messages += messages;
  traffic.bytes += messages * MESSAGE_BYTES;
  traffic.lost += lost;
}

/** Heartbeats between two numbers that got lost on the way to a member that is gone. */
function lostToNobody(link: Link, after: number, last: number, step: number): number {
  const path = link.world.network.path(link.from, link.to);
  if (path.blocked) return (last - after) / step;
  let lost = 0;
  for (let n = link.nextIrregular(after + 1); n <= last; n = link.nextIrregular(n + 1)) {
    if ((n - after) % step === 0 && link.getsLost(path, n)) lost++;
  }
  return lost;
}
