/**
 * SWIM with Lifeguard as HashiCorp's memberlist has it, as a pure state machine: datagrams, ticks and timers in, effects
 * out. No clock, no I/O, no randomness of its own (facts/platform.md 3.2; memberlist 0.1 to 0.2.2).
 *
 * A host owns time, delivery and dice:
 *
 *     const roster = new Roster(names.map((name) => name.length));       // shared by the nodes of a cluster
 *     const node = Swim.settled(self, new Timings(config), roster, host, dice, { probes: 0, rounds: 0 });
 *     every probeInterval:    node.probeTick(now)
 *     every gossipInterval:   node.gossipTick(tickNumber, now)           // may be skipped while !node.hasGossip
 *     every pushPullInterval: node.pushPullTick(peers)             // peers: a ProbeRing of the host's
 *     node.receive(packet, now)                                           // what another's host.send was given
 *     node.pingTimedOut / probeEnded / relayTimedOut / suspicionsDue      // when the host was asked to, see SwimHost
 *
 * What is not in it: memberlist's handoff queue overflows (1024 messages), protocol version checks, address conflicts,
 * and a joiner's gossiping on of everyone it has just learned of.
 */
export { checkConfig, type SwimConfig } from './config.ts';
export { pushPullIntervalUs, Timings } from './formulas.ts';
export type { Snapshot } from './gossiping.ts';
export type { Change, ChangeReason, SwimHost } from './host.ts';
export {
  MESSAGE_BYTES,
  type Packet,
  type PacketKind,
  type Probe,
  type Relay,
  type Update,
  type UserEvent,
} from './message.ts';
export type { Dice } from './permutation.ts';
export { STATE_MASK } from './records.ts';
export { type Met, ProbeRing } from './ring.ts';
export { Roster } from './roster.ts';
export type { SwimCounters, SwimDice } from './state.ts';
export { ALIVE, AS_BASE, DEAD, LEFT, SUSPECT, UNKNOWN, type ViewState } from './states.ts';
export { Swim } from './swim.ts';
export { UpdateList } from './update-list.ts';
export type { View } from './view.ts';
