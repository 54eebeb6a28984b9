/**
 * Lets the tickers of a gossip cluster rest, and wakes them (docs/parking.md). A member's probes, exchanges and syncs are
 * plain while nobody has news to tell: a queue that fills, or a view that changes, can be felt in any message that is under
 * way, so all of them wake before it does. What a member does about those that failed is between it and them.
 */
import type { Kernel, Stream } from '../../../kernel/kernel.ts';
import { periodicTimeUs } from '../../../kernel/time.ts';
import type { Packet, Roster } from '../../../protocols/swim/index.ts';
import type { Link } from '../../../world/link.ts';
import type { LinkEffect, Path } from '../../../world/network.ts';
import type { Node } from '../../../world/node.ts';
import type { World } from '../../../world/world.ts';
import { ParkingTally } from '../../parking.ts';
import type { TrafficCounter } from '../../traffic.ts';
import type { GossipMember } from '../member.ts';
import type { GossipParameters } from '../parameters.ts';
import { Agreement } from './agreement.ts';
import { Meetings } from './meetings.ts';
import type { Reach } from './reach.ts';
import { SwiftProbes } from './swift-probes.ts';
import type { RestKeeper, Ticker } from './ticker.ts';
import { UnsentPackets } from './unsent.ts';

/** Ticks that are plain only as long as nobody has news; and those that end them by the number of members known. */
export interface MemberTickers {
  readonly probes: Ticker;
  readonly pushPulls: Ticker;
  readonly bulkSyncs: Ticker;
  readonly reconnects: Ticker;
  readonly rejoins: Ticker;
}

/** With so much to look at for one tick, quiet must last for a while first: microseconds for each member told apart. */
const QUIET_US = 1_000;
/** Packets that are longer under way than this would be too many to remember. */
const PACKET_US_MAX = 1_000_000;
/** Above this share of irregular messages rests are too short to be worth it. */
const IRREGULAR_MAX = 0.1;

export class GossipParker implements RestKeeper {
  readonly kernel: Kernel;
  readonly tally: ParkingTally;
  readonly agreement: Agreement;
  readonly reach: Reach;
  readonly world: World;
  readonly parameters: GossipParameters;
  readonly members: readonly GossipMember[];
  /** Members that have something to tell. */
  talkers = 0;
  readonly #roster: Roster;
  readonly meetings: Meetings;
  readonly swift: SwiftProbes;
  readonly #unsent: UnsentPackets;
  #living = 0;
  #resting = 0;
  /** What rests of these kinds. */
  readonly #probes = new Set<Ticker>();
  readonly #exchanges = new Set<Ticker>();
  #newsUs = Number.NEGATIVE_INFINITY;
  #idle: readonly number[] | null = null;
  readonly #again: Ticker[] = [];
  #fromUs = 0;
  #onWake: (() => void) | null = null;

  constructor(
    kernel: Kernel,
    world: World,
    system: string,
    members: readonly GossipMember[],
    roster: Roster,
    parameters: GossipParameters,
    traffic: TrafficCounter,
    reach: Reach,
  ) {
    this.kernel = kernel;
    this.world = world;
    this.members = members;
    this.parameters = parameters;
    this.swift = new SwiftProbes(kernel, world, members, roster.size, parameters, traffic, reach);
    this.#unsent = new UnsentPackets(kernel, members, roster);
    this.meetings = new Meetings(members, roster.size, world, traffic, reach);
    this.reach = reach;
    this.#roster = roster;
    this.agreement = new Agreement(members, roster, parameters.tables);
    this.tally = new ParkingTally(kernel, system, '');
  }

  lives(by: number): void {
    const before = this.parked;
    this.#living += by;
    this.#note(before);
  }

  rests(ticker: Ticker, resting: boolean): void {
    const before = this.parked;
    this.#resting += resting ? 1 : -1;
    if (ticker.kind !== 'own') {
      const those = ticker.kind === 'probes' ? this.#probes : this.#exchanges;
      if (resting) those.add(ticker);
      else those.delete(ticker);
    }
    this.#note(before);
  }

  /** Everything rests. */
  get parked(): boolean {
    return this.#living > 0 && this.#resting === this.#living;
  }

  #note(before: boolean): void {
    const { parked } = this;
    if (parked === before) return;
    if (parked) this.tally.parks();
    else this.tally.wakes();
  }

  /** Members that do not run, or are frozen. */
  get idle(): readonly number[] {
    return (this.#idle ??= this.members.filter(({ active }) => !active).map(({ index }) => index));
  }

  /** Calls `act` when something wakes, before anything else. */
  onceAwake(act: () => void): void {
    this.#onWake = act;
  }

  /** Whether probes may rest for what everyone is doing; if not, why not. */
  unquiet(): string | null {
    if (this.talkers > 0) return 'news spreads';
    if (this.kernel.nowUs < this.#newsUs + QUIET_US * this.#roster.slotCount) return 'news has spread';
    this.reach.refresh();
    let share = 0;
    for (const irregular of this.reach.irregular) share = Math.max(share, irregular);
    return share > IRREGULAR_MAX ? 'messages are lost or late too often' : null;
  }

  /**
   * A packet of gossip is sent that may get lost or not; true when it arrives where it changes nothing, and need not be put
   * on its way.
   */
  leavesOut(packet: Packet, link: Link, path: Path, bytes: number): boolean {
    if (!this.kernel.parking || packet.events !== null) return false;
    const receiver = this.members[packet.to]!;
    if (!receiver.active || !receiver.swim!.isStale(packet.updates!)) return false;
    this.reach.refresh();
    const { packetUs } = this.reach;
    if (packetUs > PACKET_US_MAX || !link.isRegular(path, packet.number)) return false;
    this.#unsent.add(packet, link, bytes, packetUs);
    return true;
  }

  /** A member is about to have news, or another view. */
  stirs(member: GossipMember): void {
    if (!this.kernel.parking) return;
    if (this.kernel.replaying) throw new Error(`${member.node.name} has news in the replay of a quiet time`);
    this.#newsUs = this.kernel.nowUs;
    this.#unsent.sendTo(member.index);
    this.swift.changing(member.index);
    this.resume();
    this.#wakeThose(this.#probes);
    this.#wakeThose(this.#exchanges);
    this.#wake(member.tickers.reconnects);
    this.#wake(member.tickers.rejoins);
    this.#replay();
    this.viewsChange();
  }

  /** What was looked up of the members is to be looked up again. */
  viewsChange(): void {
    this.agreement.forget();
    this.meetings.forgetKnown();
  }

  /** A member is about to know one less: what exchanges weigh, and for itself how often there is one. */
  forgets(member: GossipMember): void {
    this.#unsent.sendTo(member.index);
    // Its helpers are drawn by how many it knows.
    this.swift.changing(member.index);
    this.meetings.forgetKnown();
    if (this.#exchanges.size === 0) return;
    this.#wakeThose(this.#exchanges);
    this.#replay();
    this.meetings.forgetKnown();
  }

  /** The world is about to change. */
  changing(node: Node | null, effect: LinkEffect | null): void {
    if (!this.kernel.parking) return;
    const concerned =
      node === null
        ? effect === null || this.#feels(effect)
        : this.members.some((member) => member.node === node);
    if (concerned) this.wake();
  }

  /** Wakes everything. */
  wake(): void {
    this.#idle = null;
    this.#unsent.sendAll();
    this.swift.changingAll();
    this.resume();
    if (this.#resting > 0) {
      this.#wakeThose(this.#probes);
      this.#wakeThose(this.#exchanges);
      for (const { tickers } of this.members) {
        this.#wake(tickers.reconnects);
        this.#wake(tickers.rejoins);
      }
      this.#replay();
    }
    this.viewsChange();
  }

  /** What has been suspended goes on. */
  resume(): void {
    const act = this.#onWake;
    this.#onWake = null;
    act?.();
  }

  #wakeThose(tickers: Set<Ticker>): void {
    if (tickers.size > 0) for (const ticker of tickers) this.#wake(ticker);
  }

  #wake(ticker: Ticker): void {
    if (!ticker.resting) return;
    const fromUs = ticker.wake();
    if (fromUs === Number.POSITIVE_INFINITY) return;
    this.#fromUs = this.#again.length === 0 ? fromUs : Math.min(this.#fromUs, fromUs);
    this.#again.push(ticker);
  }

  #replay(): void {
    const again = this.#again;
    if (again.length === 0) return;
    this.kernel.replay(this.#fromUs, () => {
      for (const ticker of again) ticker.again();
    });
    again.length = 0;
  }

  #feels(effect: LinkEffect): boolean {
    const has = (nodes: ReadonlySet<number>) => this.members.some(({ node }) => nodes.has(node.index));
    return has(effect.from) && has(effect.to);
  }

  /** When something is next that happens at the multiples of a period, as events of a stream. */
  nextOnGrid(periodUs: number, stream: Stream): number {
    const { kernel } = this;
    const k = Math.ceil(kernel.nowUs / periodUs);
    const atUs = periodicTimeUs(0, periodUs, k);
    return kernel.isPast(atUs, stream.id, -1) ? periodicTimeUs(0, periodUs, k + 1) : atUs;
  }
}
