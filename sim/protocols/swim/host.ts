import type { Packet, Probe, Relay } from './message.ts';
import type { ViewState } from './states.ts';

/** Why a node's view changed. */
export type ChangeReason =
  /** Its own probe failed. */
  | 'probe'
  /** A message, or a state exchange. */
  | 'told'
  /** A suspicion ran out. */
  | 'timeout'
  /** Dead for long enough to be forgotten. */
  | 'forgotten';

/** `SwimHost.changed`, as an object. */
export interface Change {
  readonly subject: number;
  readonly before: ViewState;
  readonly after: ViewState;
  readonly incarnation: number;
  readonly reason: ChangeReason;
  /** Of a verdict after a suspicion of its own: the confirmations. */
  readonly confirmations: number;
  /** Who suspected or declared. */
  readonly from: number;
}

/**
 * The effects of a SWIM node, called while it handles an input. The host delivers packets, keeps time and tells the node
 * when a timer has come; none of these may call the node back before the input is done.
 */
export interface SwimHost {
  /** A datagram: it may be lost, late, or twice as late. */
  send(packet: Packet): void;
  /** Probe `number` is about to begin. True: its answer is as good as here, nothing need be sent. */
  isAnswered(target: number, number: number): boolean;
  /** Pings the target over TCP until the probe's deadline; the answer is `Swim.contacted`. */
  streamPing(probe: Probe): void;
  /** A full exchange of state with a peer; both sides then `merge`. */
  exchange(peer: number): void;
  /** `Swim.pingTimedOut` at this time, `Swim.probeEnded` at the probe's deadline. */
  awaitProbe(probe: Probe, timeoutUs: number): void;
  /** `Swim.relayTimedOut` at this time. */
  awaitRelay(relay: Relay, timeoutUs: number): void;
  /** `Swim.suspicionsDue` at this time; a later call replaces an earlier one. */
  awaitSuspicion(atUs: number): void;
  /** The node is about to have something to gossip, or to hold something else of the others. Nothing has changed yet. */
  stirs(): void;
  /** It is about to know one node less. */
  forgets(): void;
  /** Something waits to be gossiped. */
  gossipWaits(): void;
  /** The view of a member has changed: see Change. (No object, because it happens twenty million times in a bad minute.) */
  changed(
    subject: number,
    before: ViewState,
    after: ViewState,
    incarnation: number,
    reason: ChangeReason,
    confirmations: number,
    from: number,
  ): void;
  /** A process that had just started has learned of all the others at once. */
  joined(): void;
  /** A probe of a member has failed. */
  probeFailed(probe: Probe, nowUs: number): void;
  /** The node refutes what is said of it, in a new incarnation. */
  refuted(incarnation: number, accuser: number, accusation: 'suspect' | 'dead' | 'alive'): void;
  /** An alive message with news of a member that was held alive. */
  updated(subject: number, incarnation: number): void;
  /** A user event arrived; `first`: it was new here and is passed on. */
  eventReceived(id: number, first: boolean): void;
}
