/**
 * What a member does beside SWIM itself: libnetwork's networkdb fetches back those that failed, syncs its tables in bulk,
 * and joins again through the members that it once joined by (facts/platform.md 3.1).
 */
import type { Stream } from '../../kernel/kernel.ts';
import { periodicTimeUs } from '../../kernel/time.ts';
import { ALIVE, ProbeRing, SUSPECT, type Swim } from '../../protocols/swim/index.ts';
import type { GossipMember } from './member.ts';
import type { Shared } from './member-owner.ts';
import { fruitlessAttempts, REFUSAL_MESSAGES } from './parking/fruitless.ts';
import { passExchanges, plainExchanges } from './parking/plain.ts';
import { type Rest, type Ticked, Ticker } from './parking/ticker.ts';
import { type Purpose, SYN_BYTES } from './short-connection.ts';

const RECONNECT_LANE = 904;
const RECONNECT_SHARE_LANE = 905;
const CHORE_PHASE_LANE = 906;
const RECONNECT_TARGET_LANE = 907;
/** Of one table entry in a bulk sync. */
export const ENTRY_BYTES = 200;

/** Events of the chores' stream: number * KINDS + kind. */
const KINDS = 4;
const BULK_SYNC = 0;
const REJOIN = 1;
const RECONNECT = 2;
const LATER = 3;

interface Chore {
  readonly swim: Swim | null;
  readonly act: () => void;
}

export class Chores {
  readonly bulkSyncs: Ticker;
  readonly rejoins: Ticker;
  readonly reconnects: Ticker;
  readonly #shared: Shared;
  readonly #member: GossipMember;
  readonly #stream: Stream;
  /** Whom tables are synced with: everyone once before anyone twice. */
  readonly #peers: ProbeRing;
  #laters = 0;
  #lives = 0;
  #attempting = false;
  /** A tick keeps while the process is frozen; one of each kind. */
  readonly #kept = new Set<number>();

  constructor(shared: Shared, name: string, member: GossipMember) {
    this.#shared = shared;
    this.#member = member;
    const { kernel, parker } = shared;
    this.#stream = kernel.stream(`${name}/chores`, (number: number, chore: Chore) => {
      const kind = number % KINDS;
      if (kind === BULK_SYNC) this.bulkSyncs.fire(number);
      else if (kind === REJOIN) this.rejoins.fire(number);
      else if (kind === RECONNECT) this.reconnects.fire(number);
      else if (member.swim === chore.swim) member.timed(chore.act);
    });
    this.#peers = new ProbeRing(this.#stream, member.index, shared.roster.size, 0, false);
    const ticker = (ticked: Ticked, kind: number) => new Ticker(parker, this.#stream, ticked, KINDS, kind);
    this.bulkSyncs = ticker(this.#bulkSyncing(), BULK_SYNC);
    this.rejoins = ticker(this.#rejoining(), REJOIN);
    this.reconnects = ticker(this.#reconnecting(), RECONNECT);
  }

  /** The process is gone: nothing waits any more. */
  stop(): void {
    this.#attempting = false;
    this.#kept.clear();
    this.bulkSyncs.stop();
    this.rejoins.stop();
    this.reconnects.stop();
  }

  /** Does something after a while, if the process is still the same. */
  later(waitUs: number, act: () => void): void {
    const { kernel } = this.#shared;
    const chore: Chore = { swim: this.#member.swim, act };
    kernel.schedule(kernel.nowUs + waitUs, this.#stream, this.#laters++ * KINDS + LATER, chore);
  }

  /** Bulk syncs and rejoins, each from a random phase on. */
  start(): void {
    const { parameters, kernel } = this.#shared;
    const phase = this.#stream.uniform(this.#lives++, CHORE_PHASE_LANE);
    if (parameters.tables)
      this.bulkSyncs.schedule(kernel.nowUs + Math.floor(phase * parameters.bulkSyncIntervalUs));
    const { rejoinIntervalUs } = parameters;
    if (rejoinIntervalUs !== null) this.rejoins.schedule(kernel.nowUs + Math.floor(phase * rejoinIntervalUs));
  }

  /** Tries from now on to fetch back those that have failed (networkdb reconnectNode; serf reconnect). */
  reconnectSoon(): void {
    if (this.#attempting || this.reconnects.waits || this.#kept.has(RECONNECT)) return;
    const { kernel, parameters } = this.#shared;
    const intervalUs = parameters.reconnectIntervalUs!;
    // The ticker began with the process; its phase is drawn for it.
    const phaseUs = Math.floor(this.#stream.uniform(0, RECONNECT_LANE) * intervalUs) + this.#member.anchorUs;
    const k = Math.floor((kernel.nowUs - phaseUs) / intervalUs) + 1;
    this.reconnects.schedule(periodicTimeUs(phaseUs, intervalUs, k));
  }

  /** At once, or when the process goes on. */
  #timed(kind: number, act: () => void): void {
    if (this.#kept.has(kind)) return;
    if (this.#member.node.paused) this.#kept.add(kind);
    this.#member.timed(() => {
      this.#kept.delete(kind);
      act();
    });
  }

  #reconnecting(): Ticked {
    const member = this.#member;
    const { parker } = this.#shared;
    return {
      kind: 'own',
      tick: (number) => {
        parker.resume();
        this.#timed(RECONNECT, () => this.#reconnect(number));
      },
      rest: (number): Rest | null => {
        if (member.ledger.failedCount === 0) return null;
        const { gaps } = member.dialler;
        return fruitlessAttempts(parker, member, gaps, member.dialler.numbersOf('reconnect', 2), number);
      },
      pass: (count, first) => {
        const { meetings } = parker;
        const { world, owner } = this.#shared;
        meetings.begin(member, false);
        for (let number = first; number < first + count; number++) {
          const target = this.#target(number);
          // Silence leaves no trace, neither in the attempts nor in the ones after.
          if (!world.passable(member.node.index, owner.members[target]!.node.index)) return;
          meetings.add(target);
        }
        meetings.count(REFUSAL_MESSAGES, REFUSAL_MESSAGES * SYN_BYTES, 0);
      },
    };
  }

  #target(number: number): number {
    return this.#member.ledger.failedFrom(this.#stream.uniform(number, RECONNECT_TARGET_LANE));
  }

  #reconnect(number: number): void {
    const { ledger } = this.#member;
    if (ledger.failedCount === 0) {
      this.reconnects.stop();
      return;
    }
    const { parameters, kernel } = this.#shared;
    const swim = this.#member.swim!;
    if (parameters.reconnectPolicy === 'share') {
      const share = ledger.failedCount / Math.max(1, swim.known - ledger.failedCount);
      if (this.#stream.uniform(number, RECONNECT_SHARE_LANE) > share) {
        this.reconnectSoon();
        return;
      }
    }
    const target = this.#target(number);
    const slot = this.#shared.roster.slotOf[target]!;
    if (this.#isBack(target) || kernel.nowUs - swim.view.changedUs(slot) > parameters.forgetFailedUs) {
      ledger.setFailed(target, false);
      this.reconnectSoon();
      return;
    }
    // An attempt into silence keeps the loop until it times out.
    this.#attempting = true;
    const done = () => {
      this.#attempting = false;
      this.reconnectSoon();
    };
    this.#member.join(target, done, number);
  }

  /** It is held alive and its entries are here: others told so meanwhile. */
  #isBack(subject: number): boolean {
    const state = this.#member.swim!.view.state(subject);
    return (state === ALIVE || state === SUSPECT) && !this.#member.ledger.isDeleted(subject);
  }

  #bulkSyncing(): Ticked {
    const member = this.#member;
    const { parker, parameters, kernel } = this.#shared;
    return {
      kind: 'exchanges',
      tick: (number) => {
        this.bulkSyncs.schedule(kernel.nowUs + parameters.bulkSyncIntervalUs);
        this.#timed(BULK_SYNC, () => this.#bulkSync(number));
      },
      rest: (number) => {
        const { gaps } = member.dialler;
        const numbers = member.dialler.numbersOf('bulk-sync', 4);
        return plainExchanges(parker, member, gaps, numbers, number, parameters.bulkSyncIntervalUs);
      },
      pass: (count) => {
        const bytes = ENTRY_BYTES * member.swim!.known;
        passExchanges(parker, member, this.#peers, count, 2 * SYN_BYTES + 2 * bytes, 0);
      },
    };
  }

  /** Syncs tables with one random member that is held alive (networkdb bulkSyncTables). */
  #bulkSync(number: number): void {
    const { kernel, parameters, owner } = this.#shared;
    const swim = this.#member.swim!;
    const peer = swim.nextPeer(this.#peers);
    if (peer < 0) return;
    const other = owner.members[peer]!;
    const bytes = ENTRY_BYTES * swim.known;
    const purpose: Purpose = 'bulk-sync';
    this.#member.dialler.dial(
      {
        from: this.#member.node.index,
        to: other.node.index,
        deadlineUs: kernel.nowUs + parameters.streamTimeoutUs,
        requestBytes: () => bytes,
        listens: () => other.running,
        requested: (answer, refuse) => other.serve(() => answer(bytes), refuse),
        answered: () => {
          if (this.#member.swim === swim) this.#member.timed(() => owner.synced(this.#member, other));
        },
        failed: () => {},
      },
      purpose,
      number,
    );
  }

  #rejoining(): Ticked {
    const { parameters, kernel, owner } = this.#shared;
    const intervalUs = parameters.rejoinIntervalUs ?? 0;
    return {
      kind: 'own',
      tick: () => {
        this.rejoins.schedule(kernel.nowUs + intervalUs);
        this.#timed(REJOIN, () => this.#rejoin());
      },
      rest: () =>
        !this.#member.node.paused && owner.holdsBootstrap(this.#member)
          ? { ticks: Number.POSITIVE_INFINITY, periodUs: intervalUs, windowUs: 0 }
          : null,
      pass: () => {},
    };
  }

  /** Without any bootstrap member in sight, those are joined again (libnetwork#2134). */
  #rejoin(): void {
    const { owner } = this.#shared;
    if (owner.holdsBootstrap(this.#member)) return;
    const attempt = (at: number) => {
      if (at < owner.bootstrap.length)
        this.#member.join(owner.bootstrap[at]!, (joined) => joined || attempt(at + 1));
    };
    attempt(0);
  }
}
