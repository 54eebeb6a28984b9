/**
 * What lies ahead of one follower while its group is parked: it walks the irregular heartbeats and answers, which their
 * gap processes name without drawing any of the others, up to the first that somebody's timer could feel; and it counts
 * the packets lost on the way.
 */
import { resendsUs } from '../../../world/link.ts';
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

/** Instead of a number of losses: the message is neither lost nor late. */
const REGULAR = -1;

function delayOf(losses: number, regularUs: number, lateUs: number, retryUs: number): number {
  if (losses === REGULAR) return regularUs;
  return losses === 0 ? lateUs : regularUs + resendsUs(losses, retryUs);
}

/** How late one irregular message on a connection may be, if it is lost once at most, beyond the regular ones. */
function mildDelayUs(bounds: Bounds): number {
  const { heartbeatUs, replyUs, lateHeartbeatUs, lateReplyUs, heartbeatRetryUs, replyRetryUs } = bounds;
  return Math.max(
    lateHeartbeatUs - heartbeatUs,
    lateReplyUs - replyUs,
    resendsUs(1, heartbeatRetryUs ?? 0),
    resendsUs(1, replyRetryUs ?? 0),
  );
}

/** Such a delay lets no timer run out. */
function isMild(bounds: Bounds): boolean {
  const { heartbeatUs, replyUs, heartbeatLimitUs, answerLimitUs } = bounds;
  const delayUs = mildDelayUs(bounds);
  return heartbeatUs + delayUs < heartbeatLimitUs && heartbeatUs + replyUs + delayUs < answerLimitUs;
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
  /** On an ordered connection: the delays of a message that is irregular, and lost once at most, trouble nobody on their own. */
  readonly #mild: boolean;
  /** Nobody feels that delay any more so many numbers later. */
  readonly #mildSpan: number;
  /** From this number on nobody feels what was irregular before. */
  #calmFrom: number;
  /** The last one that was passed over in calm, and whether it was a heartbeat, as far as it may still be felt. */
  #passed = -1;
  #passedHeartbeat = false;
  #passedLosses = 0;
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
    this.#nextHeartbeat = this.#skip(heartbeat.heartbeat.nextIrregular(ownFrom), heartbeat.heartbeat);
    this.#nextReply = this.#skip(reply.heartbeatReply.nextIrregular(first), reply.heartbeatReply);
    if (startsInDanger(bounds, start)) this.danger = start.lastSent;
    const lateUs = mildDelayUs(bounds);
    this.#mild = bounds.heartbeatRetryUs !== null && isMild(bounds);
    this.#mildSpan = this.#numbersFor(lateUs);
    this.#calmFrom =
      start.lastSent + this.#numbersFor(Math.max(start.heartbeatsByUs, start.answersByUs) - start.nowUs);
  }

  /** So many numbers, and at least so much time, lie between two heartbeats. */
  #numbersFor(us: number): number {
    const { sentAtUs, lastSent, step } = this.#start;
    const intervalUs = sentAtUs(lastSent + step) - sentAtUs(lastSent) - 1;
    return step * (Math.ceil((Math.max(us, 0) + 2) / intervalUs) + 1);
  }

  /** Looks at every irregular message up to heartbeat `limit`, or to the first danger. */
  walkTo(limit: number): void {
    const ordered = this.#bounds.heartbeatRetryUs !== null;
    for (;;) {
      const number = Math.min(this.#nextHeartbeat, this.#nextReply);
      if (number > limit || number >= this.danger) return;
      const heartbeat = number === this.#nextHeartbeat;
      const reply = number === this.#nextReply;
      if (!ordered) this.#alone(number, heartbeat, reply);
      else if (!this.#passes(number, heartbeat, reply)) this.#ordered(number, heartbeat, reply);
      const { heartbeat: heartbeatLink } = this.#heartbeat;
      const { heartbeatReply: replyLink } = this.#reply;
      if (heartbeat) this.#nextHeartbeat = this.#skip(heartbeatLink.nextIrregular(number + 1), heartbeatLink);
      if (reply) this.#nextReply = this.#skip(replyLink.nextIrregular(number + 1), replyLink);
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
    return {
      heartbeats: this.#heartbeatLosses.upTo(lastSent, NONE),
      replies: this.#replyLosses.upTo(lastSent, underWay),
    };
  }

  /** Of messages on their own a lost heartbeat is one loss; on a connection all of them arrive. */
  get unanswered(): boolean {
    return this.#bounds.heartbeatRetryUs === null;
  }

  /** The next irregular number that is a heartbeat's. */
  #skip(first: number, link: { nextIrregular(number: number): number }): number {
    const { step, lastSent } = this.#start;
    if (step === 1) return first;
    let number = first;
    while (number !== Number.POSITIVE_INFINITY && (number - lastSent) % step !== 0) {
      number = link.nextIrregular(number + 1);
    }
    return number;
  }

  /**
   * A message that is irregular on its own, as nearly all of them are: only its losses are counted. What it delays is
   * worked out when another one comes close.
   */
  #passes(number: number, heartbeat: boolean, reply: boolean): boolean {
    if (!this.#mild || number < this.#calmFrom || heartbeat === reply) return false;
    const losses = heartbeat ? this.#heartbeatLossesOf(number) : this.#replyLossesOf(number);
    if (losses > 1) return false;
    if (losses === 1) (heartbeat ? this.#heartbeatLosses : this.#replyLosses).push(number, 1);
    this.#passed = number;
    this.#passedHeartbeat = heartbeat;
    this.#passedLosses = losses;
    this.#calmFrom = number + this.#mildSpan;
    return true;
  }

  #heartbeatLossesOf(number: number): number {
    return this.#heartbeat.heartbeat.lossesOf(this.#bounds.heartbeatPath, number);
  }

  #replyLossesOf(number: number): number {
    return this.#reply.heartbeatReply.lossesOf(this.#bounds.replyPath, number);
  }

  #ordered(number: number, heartbeat: boolean, reply: boolean): void {
    if (this.#passed >= 0 && number < this.#calmFrom) {
      const losses = this.#passedLosses;
      this.#delay(
        this.#passed,
        this.#passedHeartbeat ? losses : REGULAR,
        this.#passedHeartbeat ? REGULAR : losses,
      );
    }
    this.#passed = -1;
    const heartbeatLosses = heartbeat ? this.#heartbeatLossesOf(number) : REGULAR;
    const replyLosses = reply ? this.#replyLossesOf(number) : REGULAR;
    if (heartbeatLosses > 0) this.#heartbeatLosses.push(number, heartbeatLosses);
    if (replyLosses > 0) this.#replyLosses.push(number, replyLosses);
    this.#delay(number, heartbeatLosses, replyLosses);
    const feltUntilUs = Math.max(this.#heartbeatsByUs, this.#answersByUs);
    this.#calmFrom = number + this.#numbersFor(feltUntilUs - this.#start.sentAtUs(number));
  }

  /** A heartbeat and its answer: how often in a row they are lost, 0 where one is only late, or `REGULAR`. */
  #delay(number: number, heartbeatLosses: number, replyLosses: number): void {
    const { heartbeatRetryUs, replyRetryUs, heartbeatUs, replyUs, lateHeartbeatUs, lateReplyUs } =
      this.#bounds;
    const leavesUs = this.#start.sentAtUs(number);
    if (heartbeatLosses !== REGULAR) {
      const delayUs = delayOf(heartbeatLosses, heartbeatUs, lateHeartbeatUs, heartbeatRetryUs!);
      this.#heartbeatsByUs = Math.max(this.#heartbeatsByUs, leavesUs + delayUs);
      if (delayUs >= this.#bounds.heartbeatLimitUs) this.danger = number;
    }
    const arrivesUs = Math.max(this.#heartbeatsByUs, leavesUs + heartbeatUs);
    const backUs = arrivesUs + delayOf(replyLosses, replyUs, lateReplyUs, replyRetryUs!);
    this.#answersByUs = Math.max(this.#answersByUs, backUs);
    // Those under way when it parked left before: they are held against the time of parking.
    const sinceUs = Math.max(leavesUs, this.#start.nowUs);
    if (this.#answersByUs - sinceUs >= this.#bounds.answerLimitUs)
      this.danger = Math.min(this.danger, number);
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
