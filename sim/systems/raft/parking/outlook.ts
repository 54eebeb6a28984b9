/**
 * What lies ahead of one follower while its group is parked: it walks the irregular heartbeats and answers, which their
 * gap processes name without drawing any of the others, up to the first that somebody's timer could feel; and it counts
 * the packets lost on the way. Where nobody's timer can feel a message that is lost once (`forgiving`), those are only
 * counted, by blocks (CountedGaps), and what is walked are the severe ones.
 */
import { type Link, resendsUs } from '../../../world/link.ts';
import type { Path } from '../../../world/network.ts';
import type { Way } from '../wire.ts';
import type { Bounds } from './bounds.ts';

export interface OutlookStart {
  /** When the leader sends heartbeat `number`. */
  readonly sentAtUs: (number: number) => number;
  /** Numbers of heartbeats lie so far apart. */
  readonly step: number;
  /** The heartbeat that has just been sent. */
  readonly lastSent: number;
  readonly nowUs: number;
  /** The follower's timer stands as if it had heard from its leader then, just before one of its ticks. */
  readonly heardUs: number;
  /** Heartbeats under way to it, ascending; when the last of them and of its answers arrives, at the latest. */
  readonly underWay: readonly number[];
  readonly heartbeatsByUs: number;
  readonly answersByUs: number;
  readonly checksQuorum: boolean;
}

/** Irregular messages of one link that lost packets, by ascending number, as far as they are not settled. */
class Losses {
  readonly #numbers: number[] = [];
  readonly #counts: number[] = [];
  #settled = 0;
  #settledCount = 0;

  push(number: number, count: number): void {
    this.#numbers.push(number);
    this.#counts.push(count);
  }

  settle(number: number): void {
    while (this.#settled < this.#numbers.length && this.#numbers[this.#settled]! < number)
      this.#settledCount += this.#counts[this.#settled++]!;
    if (this.#settled < SETTLED_KEPT) return;
    this.#numbers.splice(0, this.#settled);
    this.#counts.splice(0, this.#settled);
    this.#settled = 0;
  }

  /** Packets lost of messages up to a number, those in `except` left out. */
  upTo(last: number, except: ReadonlySet<number>): number {
    let count = this.#settledCount;
    for (let i = this.#settled; i < this.#numbers.length && this.#numbers[i]! <= last; i++)
      if (!except.has(this.#numbers[i]!)) count += this.#counts[i]!;
    return count;
  }
}

/** Before the first tick that a group sleeps through somebody's timer could run out already. */
export function startsInDanger(bounds: Bounds, start: OutlookStart): boolean {
  const { heartbeatLimitUs, answerLimitUs, heartbeatUs, replyUs, intervalUs } = bounds;
  const { nowUs, heardUs, heartbeatsByUs, answersByUs, checksQuorum } = start;
  if (bounds.heartbeatRetryUs === null) {
    if (nowUs + heartbeatUs - heardUs >= heartbeatLimitUs + intervalUs) return true;
    return checksQuorum && heartbeatUs + replyUs >= answerLimitUs + intervalUs;
  }
  // Those under way are still to be answered.
  const allBackUs = Math.max(answersByUs, heartbeatsByUs + replyUs);
  if (heartbeatsByUs - nowUs >= heartbeatLimitUs || allBackUs - nowUs >= answerLimitUs) return true;
  // The next heartbeat comes in time after what was heard last.
  const firstByUs = Math.max(heartbeatsByUs, nowUs + heartbeatUs);
  return firstByUs - heardUs >= heartbeatLimitUs + intervalUs;
}

const SETTLED_KEPT = 256;
const NONE: ReadonlySet<number> = new Set();

export class Outlook {
  /** The first heartbeat number at which the group must be awake. */
  danger = Number.POSITIVE_INFINITY;
  readonly #heartbeat: Way;
  readonly #reply: Way;
  readonly #bounds: Bounds;
  readonly #start: OutlookStart;
  readonly #underWay: ReadonlySet<number>;
  readonly #firstReply: number;
  #nextHeartbeat: number;
  #nextReply: number;
  /** On an ordered connection: until when what is late holds up what follows. */
  #heartbeatsByUs: number;
  #answersByUs: number;
  /** On its own: when the last heartbeat (round trip) that was regular left. */
  #heardUs: number;
  #answeredUs: number;
  #lastHeardNumber: number;
  #lastAnsweredNumber: number;
  readonly #heartbeatLosses = new Losses();
  readonly #replyLosses = new Losses();

  constructor(heartbeat: Way, reply: Way, bounds: Bounds, start: OutlookStart) {
    this.#heartbeat = heartbeat;
    this.#reply = reply;
    this.#bounds = bounds;
    this.#start = start;
    this.#underWay = new Set(start.underWay);
    this.#heartbeatsByUs = start.heartbeatsByUs;
    this.#answersByUs = start.answersByUs;
    this.#heardUs = start.heardUs;
    this.#answeredUs = start.nowUs;
    this.#lastHeardNumber = this.#lastAnsweredNumber = start.lastSent - start.step;
    const first = start.underWay[0] ?? start.lastSent + start.step;
    const ownFrom = bounds.heartbeatRetryUs === null ? start.lastSent : start.lastSent + start.step;
    this.#firstReply = first;
    this.#nextHeartbeat = this.#next(heartbeat.heartbeat, ownFrom);
    this.#nextReply = this.#next(reply.heartbeatReply, first);
    if (startsInDanger(bounds, start)) this.danger = start.lastSent;
  }

  /** Looks at every irregular message up to heartbeat `limit`, or to the first danger. */
  walkTo(limit: number): void {
    const ordered = this.#bounds.heartbeatRetryUs !== null;
    for (;;) {
      const number = Math.min(this.#nextHeartbeat, this.#nextReply);
      if (number > limit || number >= this.danger) return;
      const heartbeat = number === this.#nextHeartbeat;
      const reply = number === this.#nextReply;
      if (ordered) this.#ordered(number, heartbeat, reply);
      else this.#alone(number, heartbeat, reply);
      if (heartbeat) this.#nextHeartbeat = this.#next(this.#heartbeat.heartbeat, number + 1);
      if (reply) this.#nextReply = this.#next(this.#reply.heartbeatReply, number + 1);
    }
  }

  /** The first heartbeat from that number on that is irregular, or whose answer is. */
  firstIrregular(number: number): number {
    return Math.min(
      this.#heartbeat.heartbeat.nextIrregular(number),
      this.#reply.heartbeatReply.nextIrregular(number),
    );
  }

  /** Everything about messages before that one is settled: they have been sent and answered by now. */
  settle(number: number): void {
    this.#heartbeatLosses.settle(number);
    this.#replyLosses.settle(number);
  }

  /** Packets lost since parking, when heartbeats up to `lastSent` have left and those in `underWay` not yet arrived. */
  lost(lastSent: number, underWay: ReadonlySet<number>): { heartbeats: number; replies: number } {
    const heartbeats = this.#heartbeatLosses.upTo(lastSent, NONE);
    const replies = this.#replyLosses.upTo(lastSent, underWay);
    if (!this.#bounds.forgiving) return { heartbeats, replies };
    const { heartbeat } = this.#heartbeat;
    const { heartbeatReply } = this.#reply;
    let repliesLost = replies + heartbeatReply.resentBetween(this.#firstReply, lastSent);
    for (const number of underWay)
      if (number >= this.#firstReply) repliesLost -= heartbeatReply.resentBetween(number, number);
    return {
      heartbeats: heartbeats + heartbeat.resentBetween(this.#start.lastSent + 1, lastSent),
      replies: repliesLost,
    };
  }

  /** Of messages on their own a lost heartbeat is one loss; on a connection all of them arrive. */
  get unanswered(): boolean {
    return this.#bounds.heartbeatRetryUs === null;
  }

  /** The next number of a heartbeat that must be looked at. */
  #next(link: Link, from: number): number {
    if (this.#bounds.forgiving) return link.nextSevere(from);
    const { step, lastSent } = this.#start;
    let number = link.nextIrregular(from);
    while (number !== Number.POSITIVE_INFINITY && (number - lastSent) % step !== 0)
      number = link.nextIrregular(number + 1);
    return number;
  }

  /** Puts the losses of an irregular message into the counts; returns them. */
  #lossesOf(link: Link, path: Path, number: number, counts: Losses): number {
    const losses = link.lossesOf(path, number);
    // It would be counted among those that are lost once.
    const twice = this.#bounds.forgiving ? link.resentBetween(number, number) : 0;
    if (losses !== twice) counts.push(number, losses - twice);
    return losses;
  }

  #ordered(number: number, heartbeat: boolean, reply: boolean): void {
    const { heartbeatPath, replyPath, heartbeatRetryUs, replyRetryUs } = this.#bounds;
    const { heartbeatUs, replyUs, lateHeartbeatUs, lateReplyUs } = this.#bounds;
    const { heartbeatLimitUs, answerLimitUs } = this.#bounds;
    const leavesUs = this.#start.sentAtUs(number);
    if (heartbeat) {
      const losses = this.#lossesOf(this.#heartbeat.heartbeat, heartbeatPath, number, this.#heartbeatLosses);
      const delayUs = losses > 0 ? heartbeatUs + resendsUs(losses, heartbeatRetryUs!) : lateHeartbeatUs;
      this.#heartbeatsByUs = Math.max(this.#heartbeatsByUs, leavesUs + delayUs);
      if (delayUs >= heartbeatLimitUs) this.danger = number;
    }
    const arrivesUs = Math.max(this.#heartbeatsByUs, leavesUs + heartbeatUs);
    let backUs = arrivesUs + replyUs;
    if (reply) {
      const losses = this.#lossesOf(this.#reply.heartbeatReply, replyPath, number, this.#replyLosses);
      backUs = arrivesUs + (losses > 0 ? replyUs + resendsUs(losses, replyRetryUs!) : lateReplyUs);
    }
    this.#answersByUs = Math.max(this.#answersByUs, backUs);
    // Those under way when it parked left before: they are held against the time of parking.
    const sinceUs = Math.max(leavesUs, this.#start.nowUs);
    if (this.#answersByUs - sinceUs >= answerLimitUs) this.danger = Math.min(this.danger, number);
  }

  #alone(number: number, heartbeat: boolean, reply: boolean): void {
    const { heartbeatPath, replyPath, heartbeatUs, replyUs } = this.#bounds;
    const { heartbeatLimitUs, answerLimitUs, intervalUs } = this.#bounds;
    const { step, lastSent, sentAtUs, checksQuorum } = this.#start;
    let heartbeatLost = false;
    if (heartbeat) {
      heartbeatLost = this.#heartbeat.heartbeat.getsLost(heartbeatPath, number);
      // The last one sent is in the counts already.
      if (heartbeatLost && number > lastSent) this.#heartbeatLosses.push(number, 1);
    }
    const sent = number > lastSent || this.#underWay.has(number);
    if (reply && !heartbeatLost && sent && this.#reply.heartbeatReply.getsLost(replyPath, number))
      this.#replyLosses.push(number, 1);
    if (number < lastSent) return;
    const nextUs = sentAtUs(number + step);
    if (heartbeat) {
      if (this.#lastHeardNumber < number - step) this.#heardUs = sentAtUs(number - step);
      this.#lastHeardNumber = number;
      if (nextUs + heartbeatUs - this.#heardUs >= heartbeatLimitUs + intervalUs) this.danger = number;
    }
    if (this.#lastAnsweredNumber < number - step) this.#answeredUs = sentAtUs(number - step);
    this.#lastAnsweredNumber = number;
    const backUs = nextUs + heartbeatUs + replyUs;
    if (checksQuorum && backUs - this.#answeredUs >= answerLimitUs + intervalUs) this.danger = number;
  }
}
