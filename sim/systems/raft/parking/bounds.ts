/**
 * How late the heartbeats of one follower, and its answers, may be without anybody's timer feeling it, and how long what
 * was sent stays felt (docs/parking.md). All microseconds.
 */
import { type Link, resendsUs, sharesOf } from '../../../world/link.ts';
import type { Path } from '../../../world/network.ts';
import { retransmissionUs } from '../../../world/tcp-channel.ts';
import type { World } from '../../../world/world.ts';
import type { Member } from '../member.ts';
import { MESSAGE_BYTES, type Way } from '../wire.ts';

export interface Bounds {
  readonly heartbeatPath: Path;
  readonly replyPath: Path;
  /** How long a lost packet waits; null: it stays lost. */
  readonly heartbeatRetryUs: number | null;
  readonly replyRetryUs: number | null;
  /** Between two heartbeats, at most. */
  readonly intervalUs: number;
  /**
   * A message that is lost exactly once is as good as a regular one: however many there are, no timer feels them. None of
   * them need be looked at, only counted.
   */
  readonly forgiving: boolean;
  /** A heartbeat, or its answer, must be looked at with this probability. */
  readonly telling: number;
  /** No regular message is longer under way, nor one that is as good. */
  readonly heartbeatUs: number;
  readonly replyUs: number;
  /** Nor one of the late ones that are not lost. */
  readonly lateHeartbeatUs: number;
  readonly lateReplyUs: number;
  /** A heartbeat that is later than this could let the follower's timer run out, were it the only trouble. */
  readonly heartbeatLimitUs: number;
  /** The same for an answer at the leader's check of its quorum, counted from when the heartbeat left. */
  readonly answerLimitUs: number;
  readonly memory: Memory;
  /** The same where no message has been irregular for a while. */
  readonly regularMemory: Memory;
}

/** How long what was sent is felt. */
export interface Memory {
  /** After so long every heartbeat (and its answer) has arrived that has not been called a danger. */
  readonly heartbeatUs: number;
  readonly answerUs: number;
  /** The follower hears from its leader at least so often. */
  readonly silenceUs: number;
}

/** Times of ticks are rounded, and what is due at an instant may come before or after a tick at it. */
const SLACK_US = 4;

/** Messages that queue up arrive a microsecond apart: with heartbeats closer than this that would add up. */
const ORDERED_INTERVAL_MIN_US = 100;

/** What is so uncertain would be replayed for longer than it may stay parked. */
const MEMORY_WINDOWS_MAX = 10;

/** The bounds of followers, worked out once for as long as what they come from stays as it is. */
export class BoundsBook {
  readonly #pages: (Page | undefined)[] = [];

  /** The bounds of one follower, or why there are none. */
  of(world: World, leader: Member, follower: Member, heartbeat: Way, reply: Way): Bounds | string {
    const heartbeatPath = world.network.path(leader.node.index, follower.node.index);
    const replyPath = world.network.path(follower.node.index, leader.node.index);
    const timeoutTicks = timeoutTicksOf(follower);
    const page = this.#pages[follower.id];
    if (
      page !== undefined &&
      page.leader === leader &&
      page.heartbeatPath === heartbeatPath &&
      page.replyPath === replyPath &&
      page.heartbeatVersion === heartbeatPath.version &&
      page.replyVersion === replyPath.version &&
      page.leaderPeriodUs === leader.ticker.periodUs &&
      page.periodUs === follower.ticker.periodUs &&
      page.timeoutTicks === timeoutTicks
    )
      return page.bounds;
    const bounds = boundsOf(world, leader, follower, heartbeat, reply);
    this.#pages[follower.id] = {
      leader,
      heartbeatPath,
      replyPath,
      heartbeatVersion: heartbeatPath.version,
      replyVersion: replyPath.version,
      leaderPeriodUs: leader.ticker.periodUs,
      periodUs: follower.ticker.periodUs,
      timeoutTicks,
      bounds,
    };
    return bounds;
  }
}

interface Page {
  readonly leader: Member;
  readonly heartbeatPath: Path;
  readonly replyPath: Path;
  readonly heartbeatVersion: number;
  readonly replyVersion: number;
  readonly leaderPeriodUs: number;
  readonly periodUs: number;
  readonly timeoutTicks: number;
  readonly bounds: Bounds | string;
}

/** After so many ticks of silence a follower may act; one that only learns never does. */
function timeoutTicksOf({ raft, parameters }: Member): number {
  const votes = raft.own?.isLearner === false;
  return votes ? raft.randomizedElectionTimeout : 2 * parameters.electionTicks;
}

function boundsOf(
  world: World,
  leader: Member,
  follower: Member,
  heartbeat: Way,
  reply: Way,
): Bounds | string {
  const { electionTicks, heartbeatTicks, checkQuorum } = leader.parameters;
  const heartbeatPath = world.network.path(leader.node.index, follower.node.index);
  const replyPath = world.network.path(follower.node.index, leader.node.index);
  const ordered = heartbeat.channel !== null;
  const takesTurns = ordered && heartbeat.channel.turnUs !== null;
  const intervalUs = Math.ceil(heartbeatTicks * leader.ticker.periodUs) + 1;
  const windowUs = Math.floor(electionTicks * leader.ticker.periodUs);
  const timeoutUs = Math.floor((timeoutTicksOf(follower) - 1) * follower.ticker.periodUs);
  const promptHeartbeatUs = heartbeat.heartbeat.longestUs(heartbeatPath, MESSAGE_BYTES, true);
  const promptReplyUs = reply.heartbeatReply.longestUs(replyPath, MESSAGE_BYTES, true);

  let heartbeatLimitUs = timeoutUs - intervalUs - SLACK_US;
  let answerLimitUs = windowUs - intervalUs - SLACK_US;
  if (takesTurns) {
    // Nothing ever waits for its turn: the answer to a message is back before the next one leaves.
    const turnUs = intervalUs - 2 - SLACK_US;
    heartbeatLimitUs = Math.min(heartbeatLimitUs, turnUs - Math.round(replyPath.typicalUs));
    answerLimitUs = Math.min(answerLimitUs, turnUs - Math.round(heartbeatPath.typicalUs));
  }
  if (ordered) {
    // What hardly ever happens may as well wake the group: the less it sleeps through, the less there is to replay.
    const heartbeatWorstUs = usualWorstUs(heartbeat.heartbeat, heartbeatPath);
    heartbeatLimitUs = Math.min(heartbeatLimitUs, heartbeatWorstUs);
    answerLimitUs = Math.min(answerLimitUs, heartbeatWorstUs + usualWorstUs(reply.heartbeatReply, replyPath));
  }
  const answersMatter = checkQuorum || ordered;
  const promptUs = promptHeartbeatUs + promptReplyUs;
  if (promptHeartbeatUs >= heartbeatLimitUs || (answersMatter && promptUs >= answerLimitUs))
    return 'latency is close to a time-out';
  if (ordered && intervalUs < ORDERED_INTERVAL_MIN_US) return 'its heartbeats are too close together';

  const irregular = heartbeatPath.irregular + replyPath.irregular > 0;
  const resentHeartbeatUs = promptHeartbeatUs + resendsUs(1, retransmissionUs(heartbeatPath));
  const resentReplyUs = promptReplyUs + resendsUs(1, retransmissionUs(replyPath));
  const forgiving =
    ordered &&
    irregular &&
    heartbeatTicks === 1 &&
    resentHeartbeatUs < heartbeatLimitUs &&
    resentHeartbeatUs + resentReplyUs < answerLimitUs;
  const heartbeatUs = forgiving ? resentHeartbeatUs : promptHeartbeatUs;
  const replyUs = forgiving ? resentReplyUs : promptReplyUs;
  const telling = forgiving
    ? sharesOf(heartbeatPath).severe + sharesOf(replyPath).severe
    : heartbeatPath.irregular + replyPath.irregular;
  const lateHeartbeatUs = heartbeat.heartbeat.longestUs(heartbeatPath, MESSAGE_BYTES, false);
  const lateReplyUs = reply.heartbeatReply.longestUs(replyPath, MESSAGE_BYTES, false);
  const memoryOf = (surelyHereUs: number, surelyBackUs: number): Memory => {
    const here = ordered ? withOrder(surelyHereUs) : surelyHereUs;
    const back = ordered ? withOrder(Math.max(surelyBackUs, surelyHereUs)) : surelyBackUs;
    return { heartbeatUs: here, answerUs: back, silenceUs: intervalUs + here };
  };
  const regularMemory = memoryOf(promptHeartbeatUs, promptUs);
  const memory = ordered
    ? memoryOf(
        heartbeatPath.irregular > 0 ? heartbeatLimitUs : heartbeatUs,
        irregular ? answerLimitUs : heartbeatUs + replyUs,
      )
    : memoryOf(lateHeartbeatUs, lateHeartbeatUs + lateReplyUs);
  if (!ordered && memory.answerUs > MEMORY_WINDOWS_MAX * windowUs) return 'messages may be very late';
  // On their own, some never come.
  const silenceUs = !ordered && heartbeatPath.irregular > 0 ? timeoutUs : memory.silenceUs;
  return {
    heartbeatPath,
    replyPath,
    heartbeatRetryUs: ordered ? retransmissionUs(heartbeatPath) : null,
    replyRetryUs: ordered ? retransmissionUs(replyPath) : null,
    intervalUs,
    forgiving,
    telling,
    heartbeatUs,
    replyUs,
    lateHeartbeatUs,
    lateReplyUs,
    heartbeatLimitUs,
    answerLimitUs,
    memory: { ...memory, silenceUs },
    regularMemory,
  };
}

/** Longer than a message that is lost three times in a row, or late. */
function usualWorstUs(link: Link, path: Path): number {
  const resentUs = link.longestUs(path, MESSAGE_BYTES, true) + 7 * retransmissionUs(path);
  return Math.max(resentUs, link.longestUs(path, MESSAGE_BYTES, false)) + 1;
}

/** On an ordered connection a late message holds up the next ones, each a microsecond behind the one before. */
function withOrder(us: number): number {
  return us + Math.ceil(us / (ORDERED_INTERVAL_MIN_US - 1)) + 2;
}
