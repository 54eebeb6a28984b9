/** Failure detection (memberlist state.go probe, probeNode; net.go handlePing, handleIndirectPing). */
import { applyDelta } from './awareness.ts';
import { randomMembers } from './choice.ts';
import { awaitSuspicions, forgetTheDead, takeSuspect } from './membership.ts';
import { MESSAGE_BYTES, type Probe, type Relay, updateBytes } from './message.ts';
import { send } from './packets.ts';
import type { SwimState } from './state.ts';
import { ALIVE, SUSPECT } from './states.ts';

/** The probe ticker: one that finds a probe under way waits until that is over (a Go ticker keeps one tick). */
export function probeTick(s: SwimState, nowUs: number): void {
  if (s.probe !== null) {
    s.tickWaits = true;
    return;
  }
  beginProbe(s, nowUs);
}

function beginProbe(s: SwimState, nowUs: number): void {
  const { view, ring, counters } = s;
  const target = ring.next(
    (member) => {
      const state = view.state(member);
      return state === ALIVE || state === SUSPECT;
    },
    () => {
      counters.rounds = ring.round + 1;
      forgetTheDead(s, nowUs);
    },
  );
  if (target < 0 || s.host.isAnswered(target, ++counters.probes)) return;
  launchProbe(s, target, counters.probes, nowUs);
}

/** Sends the direct ping of a probe and waits for its answer. */
export function launchProbe(s: SwimState, target: number, number: number, nowUs: number): void {
  const probe = openProbe(s, target, number, nowUs);
  if (s.view.state(target) === ALIVE) send(s, 'ping', target, probe, null);
  else sendAccusation(s, probe);
  s.host.awaitProbe(probe, nowUs + s.timings.config.probeTimeoutUs);
}

/** A probe that began then is under way. */
export function openProbe(s: SwimState, target: number, number: number, startUs: number): Probe {
  s.probe = {
    prober: s.self,
    number,
    target,
    targetIncarnation: s.view.incarnationOf(target),
    startUs,
    // Only the whole probe is stretched by bad health: waiting longer does not help a datagram through.
    deadlineUs: startUs + s.timings.config.probeIntervalUs * (s.score + 1),
    expectedNacks: 0,
    nacks: 0,
    contacted: false,
    closed: false,
  };
  return s.probe;
}

/** A suspect is told so with the ping, that it may refute; nothing else rides along. */
function sendAccusation(s: SwimState, probe: Probe): void {
  const { target, targetIncarnation } = probe;
  const updates = s.roster.lists.take(0);
  updates.add(SUSPECT, target, targetIncarnation, s.self);
  s.host.send({
    kind: 'ping',
    from: s.self,
    to: target,
    probe,
    relay: null,
    updates,
    events: null,
    bytes: MESSAGE_BYTES.ping + updateBytes(SUSPECT, s.roster.nameBytes, target, targetIncarnation, s.self),
    number: 0,
  });
}

/** The direct ping was not answered in time: helpers ping, and TCP is tried beside them. */
export function pingTimedOut(s: SwimState, probe: Probe): void {
  if (probe.closed || s.probe !== probe) return;
  const helpers = helpersOf(s, probe.target, probe.number);
  probe.expectedNacks = helpers.length;
  helpers.forEach((helper, place) => {
    send(s, 'ping-req', helper, probe, { probe, helper, place, closed: false });
  });
  if (s.timings.config.tcpPings) s.host.streamPing(probe);
}

/** Who is asked to ping the target of probe `number`, in the order of their places. */
export function helpersOf(s: SwimState, target: number, number: number): number[] {
  const { indirectChecks } = s.timings.config;
  const wanted = (member: number) => member !== target && s.view.state(member) === ALIVE;
  return randomMembers(s, indirectChecks, s.dice.helpers, number, wanted);
}

/** A helper's part: it pings, passes the answer on, or says after the time-out that there was none. */
export function help(s: SwimState, relay: Relay, nowUs: number): void {
  send(s, 'relay-ping', relay.probe.target, relay.probe, relay);
  s.host.awaitRelay(relay, nowUs + s.timings.config.probeTimeoutUs);
}

export function relayTimedOut(s: SwimState, relay: Relay): void {
  if (relay.closed) return;
  relay.closed = true;
  send(s, 'nack', relay.probe.prober, relay.probe, relay);
}

export function relayAcked(s: SwimState, relay: Relay): void {
  if (relay.closed) return;
  relay.closed = true;
  send(s, 'forwarded-ack', relay.probe.prober, relay.probe, relay);
}

export function acked(s: SwimState, probe: Probe, nowUs: number): void {
  if (probe.closed || s.probe !== probe) return;
  succeed(s, probe, nowUs);
}

export function nacked(s: SwimState, probe: Probe): void {
  if (!probe.closed && s.probe === probe) probe.nacks++;
}

/** The deadline: without any answer the target becomes suspect, and missing nacks count against one's own health. */
export function probeEnded(s: SwimState, probe: Probe, nowUs: number): void {
  if (probe.closed || s.probe !== probe) return;
  if (probe.contacted) {
    succeed(s, probe, nowUs);
    return;
  }
  probe.closed = true;
  s.probe = null;
  applyDelta(s, probe.expectedNacks > 0 ? Math.max(0, probe.expectedNacks - probe.nacks) : 1);
  s.host.probeFailed(probe, nowUs);
  takeSuspect(s, probe.target, probe.targetIncarnation, s.self, nowUs, 'probe');
  awaitSuspicions(s);
  takeWaitingTick(s, nowUs);
}

function succeed(s: SwimState, probe: Probe, nowUs: number): void {
  probe.closed = true;
  s.probe = null;
  applyDelta(s, -1);
  takeWaitingTick(s, nowUs);
}

function takeWaitingTick(s: SwimState, nowUs: number): void {
  if (!s.tickWaits) return;
  s.tickWaits = false;
  beginProbe(s, nowUs);
}
