/** SWIM nodes on a bench: a host that records effects, and a small network that delivers them in virtual time. */
import { RandomStream } from '../../../kernel/streams.ts';
import { MILLISECOND, SECOND } from '../../../kernel/time.ts';
import {
  type Change,
  type ChangeReason,
  type Packet,
  type Probe,
  type Relay,
  Roster,
  Swim,
  type SwimConfig,
  type SwimHost,
  Timings,
  type Update,
  UpdateList,
  type ViewState,
} from '../index.ts';

/** memberlist DefaultLANConfig at v0.2.2. */
export const LAN: SwimConfig = {
  probeIntervalUs: 1 * SECOND,
  probeTimeoutUs: 500 * MILLISECOND,
  indirectChecks: 3,
  tcpPings: true,
  suspicionMult: 4,
  suspicionMaxTimeoutMult: 6,
  retransmitMult: 4,
  awarenessMaxMultiplier: 8,
  gossipIntervalUs: 200 * MILLISECOND,
  gossipNodes: 3,
  gossipToTheDeadUs: 30 * SECOND,
  pushPullIntervalUs: 30 * SECOND,
  packetBytes: 1400,
  encryptionBytes: 0,
  tellsLeft: true,
};

/** Records what a node asks for; nothing happens by itself. */
export class RecordingHost implements SwimHost {
  readonly sent: Packet[] = [];
  readonly streamPings: Probe[] = [];
  readonly exchanges: number[] = [];
  readonly relays: { relay: Relay; timeoutUs: number }[] = [];
  readonly probes: { probe: Probe; timeoutUs: number }[] = [];
  readonly failedProbes: Probe[] = [];
  readonly changes: Change[] = [];
  readonly refutations: { incarnation: number; accuser: number; accusation: string }[] = [];
  readonly updates: { subject: number; incarnation: number }[] = [];
  readonly events: { id: number; first: boolean }[] = [];
  suspicionUs = Number.POSITIVE_INFINITY;
  gossipAsked = 0;
  joins = 0;

  send(packet: Packet): void {
    this.sent.push(packet);
  }
  streamPing(probe: Probe): void {
    this.streamPings.push(probe);
  }
  exchange(peer: number): void {
    this.exchanges.push(peer);
  }
  awaitProbe(probe: Probe, timeoutUs: number): void {
    this.probes.push({ probe, timeoutUs });
  }
  awaitRelay(relay: Relay, timeoutUs: number): void {
    this.relays.push({ relay, timeoutUs });
  }
  awaitSuspicion(atUs: number): void {
    this.suspicionUs = atUs;
  }
  isAnswered(): boolean {
    return false;
  }
  stirs(): void {}
  forgets(): void {}
  gossipWaits(): void {
    this.gossipAsked++;
  }
  changed(
    subject: number,
    before: ViewState,
    after: ViewState,
    incarnation: number,
    reason: ChangeReason,
    confirmations: number,
    from: number,
  ): void {
    this.changes.push({ subject, before, after, incarnation, reason, confirmations, from });
  }
  joined(): void {
    this.joins++;
  }
  probeFailed(probe: Probe): void {
    this.failedProbes.push(probe);
  }
  refuted(incarnation: number, accuser: number, accusation: 'suspect' | 'dead' | 'alive'): void {
    this.refutations.push({ incarnation, accuser, accusation });
  }
  updated(subject: number, incarnation: number): void {
    this.updates.push({ subject, incarnation });
  }
  eventReceived(id: number, first: boolean): void {
    this.events.push({ id, first });
  }

  /** What was sent since the last call. */
  takeSent(): Packet[] {
    return this.sent.splice(0);
  }
}

export interface Bench {
  readonly node: Swim;
  readonly host: RecordingHost;
  readonly roster: Roster;
}

export function diceOf(name: string) {
  const stream = (purpose: string) => new RandomStream(1, `${name}/${purpose}`);
  return {
    ring: stream('ring'),
    gossip: stream('gossip'),
    helpers: stream('helpers'),
  };
}

/** Node 0 of a cluster of n, alone on the bench; names have four characters. */
export function bench(n: number, config: Partial<SwimConfig> = {}): Bench {
  const roster = new Roster(Array.from({ length: n }, () => 4));
  const host = new RecordingHost();
  const timings = new Timings({ ...LAN, ...config });
  const node = Swim.settled(0, timings, roster, host, diceOf('bench'), { probes: 0, rounds: 0 });
  return { node, host, roster };
}

/** What a packet carries. */
export function updatesIn(packet: Packet): Update[] {
  return packet.updates?.toArray() ?? [];
}

/** What waits to be told of a member; null when nothing does. */
export function waiting({ updates }: Swim, subject: number): Update | null {
  const content = updates.get(subject);
  if (content === null) return null;
  const list = new UpdateList();
  list.words.set(content);
  list.count = 1;
  return list.toArray()[0]!;
}

/** A packet with updates, from a peer. */
export function gossip(from: number, ...updates: readonly Update[]): Packet {
  return {
    kind: 'gossip',
    from,
    to: 0,
    probe: null,
    relay: null,
    updates: UpdateList.of(updates),
    events: null,
    bytes: 0,
    number: 0,
  };
}

export function suspect(subject: number, from: number, incarnation = 1) {
  return { kind: 'suspect', subject, from, incarnation } as const;
}

export function dead(subject: number, from: number, incarnation = 1) {
  return { kind: 'dead', subject, from, incarnation } as const;
}

export function alive(subject: number, incarnation: number) {
  return { kind: 'alive', subject, from: subject, incarnation } as const;
}
