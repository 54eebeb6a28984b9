/**
 * Whether a Raft group is steady: one leader whom every live member follows, logs all the same, and nothing under way but
 * its heartbeats and their answers.
 */
import type { PendingEvent } from '../../../kernel/queue.ts';
import type { Message } from '../../../protocols/raft/index.ts';
import type { Rest } from '../../../world/tcp-channel.ts';
import type { World } from '../../../world/world.ts';
import type { Member } from '../member.ts';
import type { Wire } from '../wire.ts';

/** A member besides the leader. */
export interface Peer {
  readonly member: Member;
  /** It follows; a member whose process is gone does not. */
  readonly live: boolean;
  /** What becomes of heartbeats to it; null where messages travel on their own. */
  readonly rest: Rest | null;
}

/** Every member but the leader, or why the group is not steady. */
export function steadyPeers(
  world: World,
  wire: Wire,
  hosts: readonly Member[],
  leader: Member,
): Peer[] | string {
  const { raft } = leader;
  if (leader.committedTerm !== raft.term) return 'a new leader has not committed yet';
  if (raft.membership.outgoing.length > 0) return 'its members change';
  if (raft.leadTransferee !== 0 || raft.unconfirmedReads.length > 0 || raft.postponedReads.length > 0)
    return 'its leader is busy';
  const peers: Peer[] = [];
  for (const host of hosts) {
    const trouble = host.running ? unsteady(host, leader) : null;
    if (trouble !== null) return trouble;
    // One that was left out of the group is sent nothing.
    if (host === leader || (!host.running && raft.progressOf(host.id) === null)) continue;
    const peer = host.running ? following(world, wire, leader, host) : gone(wire, leader, host);
    if (typeof peer === 'string') return peer;
    peers.push(peer);
  }
  const { voters } = raft.membership;
  const live = peers.filter((peer) => peer.live && voters.includes(peer.member.id)).length;
  return 2 * (live + 1) > voters.length ? peers : 'no quorum';
}

function unsteady(host: Member, leader: Member): string | null {
  const { raft } = host;
  if (host.node.paused) return 'a member is paused';
  if (!host.idle) return 'a member is at work';
  if (host === leader) return null;
  if (raft.state !== 'Follower' || raft.lead !== leader.id || raft.term !== leader.raft.term)
    return 'a member does not follow';
  return raft.lastIndex === leader.raft.lastIndex && raft.commit === leader.raft.commit
    ? null
    : 'logs differ';
}

function following(world: World, wire: Wire, leader: Member, follower: Member): Peer | string {
  const progress = leader.raft.progressOf(follower.id);
  if (progress === null) return 'its members change';
  const { state, match, inflight, paused, recentActive } = progress;
  if (state !== 'replicate' || match !== leader.raft.lastIndex || inflight.length > 0 || paused)
    return 'logs differ';
  if (!recentActive) return 'a member has not answered yet';
  const there = wire.way(leader.id - 1, follower.id - 1);
  const back = wire.way(follower.id - 1, leader.id - 1);
  if (!world.passable(leader.node.index, follower.node.index)) return 'a member is cut off';
  const ways = [there.channel, back.channel];
  if (ways.some((channel) => channel !== null && channel.rest !== 'carries'))
    return 'a connection is not ready';
  if ((back.channel?.turnUs ?? Number.NEGATIVE_INFINITY) > world.kernel.nowUs) return 'a message is late';
  const toFollower = world.network.path(leader.node.index, follower.node.index);
  const toLeader = world.network.path(follower.node.index, leader.node.index);
  if (!there.heartbeat.foreseen(toFollower) || !back.heartbeatReply.foreseen(toLeader))
    return 'a link has just changed';
  return { member: follower, live: true, rest: there.channel === null ? null : 'carries' };
}

/** Of a member whose process is gone: what becomes of the heartbeats that go on being sent to it. */
function gone(wire: Wire, leader: Member, member: Member): Peer | string {
  const { channel, heartbeat } = wire.way(leader.id - 1, member.id - 1);
  const progress = leader.raft.progressOf(member.id);
  if (progress === null) return 'its members change';
  const path = heartbeat.world.network.path(leader.node.index, member.node.index);
  if (channel === null)
    return path.blocked || heartbeat.foreseen(path)
      ? { member, live: false, rest: null }
      : 'a link has just changed';
  const { rest } = channel;
  if (rest === 'stirs' || rest === 'carries') return 'a connection to a lost member is not settled';
  if (rest === 'queues' && !channel.queueHolds(leader.parameters.heartbeatTicks * leader.ticker.periodUs))
    return 'the queue to a lost member runs full';
  // That it cannot be reached is news to the leader only once; a channel whose first failure is still to come will tell.
  if (rest !== 'swallows' && progress.state === 'replicate' && !channel.willTell)
    return 'a lost member is still sent entries';
  return { member, live: false, rest };
}

/** What is under way to and from each peer, by member id. */
export interface UnderWay {
  readonly heartbeats: Map<number, PendingEvent[]>;
  readonly replies: Map<number, PendingEvent[]>;
}

/** Sorts the pending heartbeats and answers; null when one of them is not of this leader and its followers now. */
export function underWay(
  heartbeats: readonly PendingEvent[],
  replies: readonly PendingEvent[],
  leader: Member,
  peers: readonly Peer[],
): UnderWay | null {
  const sorted: UnderWay = { heartbeats: new Map(), replies: new Map() };
  for (const event of heartbeats) {
    const message = event.payload as Message;
    if (!isOwn(message, leader) || message.from !== leader.id) return null;
    push(sorted.heartbeats, message.to, event);
  }
  for (const event of replies) {
    const message = event.payload as Message;
    const live = peers.some(({ member, live }) => live && member.id === message.from);
    if (!isOwn(message, leader) || message.to !== leader.id || !live) return null;
    push(sorted.replies, message.from, event);
  }
  return sorted;
}

function isOwn({ term, cause, context }: Message, { raft, cause: own }: Member): boolean {
  return term === raft.term && cause === own && context === 0;
}

function push(map: Map<number, PendingEvent[]>, key: number, event: PendingEvent): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [event]);
  else list.push(event);
}
