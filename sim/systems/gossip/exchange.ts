import type { Probe, Snapshot } from '../../protocols/swim/index.ts';
import type { GossipMember } from './member.ts';
import type { Shared } from './member-owner.ts';
import { type Dial, type Purpose, pingConnection } from './short-connection.ts';

/** One member's state in a push/pull, without its name. */
export const STATE_BYTES = 90;

/** A ping over TCP, and its answer. */
export const STREAM_PING_BYTES = 100;
export const STREAM_ACK_BYTES = 40;

/** Two members tell each other their states (memberlist pushPullNode). `done` is told whether that succeeded. */
export function exchange(
  { kernel, parameters, owner }: Shared,
  member: GossipMember,
  target: number,
  join: boolean,
  done: (exchanged: boolean) => void,
  purpose: Purpose = 'other',
  count?: number,
): void {
  const swim = member.swim!;
  const peer = owner.members[target]!;
  let mine: Snapshot | null = null;
  let theirs: Snapshot | null = null;
  /** The process that began it is still there. */
  const current = () => member.swim === swim;
  const dial: Dial = {
    from: member.node.index,
    to: peer.node.index,
    deadlineUs: kernel.nowUs + parameters.streamTimeoutUs,
    requestBytes: () => STATE_BYTES * swim.known,
    listens: () => peer.running,
    opened: () => {
      mine = swim.snapshot();
    },
    requested: (answer, refuse) =>
      peer.serve(() => {
        // The answer is the state as it was before the request's was taken in.
        theirs = peer.swim!.snapshot();
        answer(STATE_BYTES * peer.swim!.known);
        peer.swim!.merge(mine!, kernel.nowUs);
      }, refuse),
    answered: () =>
      member.timed(() => {
        if (!current()) return;
        swim.merge(theirs!, kernel.nowUs);
        owner.exchanged(member, peer, join);
        done(true);
      }),
    failed: () =>
      member.timed(() => {
        if (current()) done(false);
      }),
  };
  member.dialler.dial(dial, purpose, count);
}

/** Pings a probe's target over TCP; the answer counts until the probe's deadline (memberlist sendPingAndWaitForAck). */
export function streamPing({ owner }: Shared, member: GossipMember, probe: Probe): void {
  const target = owner.members[probe.target]!;
  const dial: Dial = {
    from: member.node.index,
    to: target.node.index,
    deadlineUs: probe.deadlineUs,
    requestBytes: () => STREAM_PING_BYTES,
    listens: () => target.running,
    requested: (answer, refuse) => target.serve(() => answer(STREAM_ACK_BYTES), refuse),
    answered: () => member.swim?.contacted(probe),
    failed: () => {},
  };
  member.dialler.dial(dial, 'other', pingConnection(probe.number));
}
