/**
 * What a member does beside SWIM itself: libnetwork's networkdb fetches back those that failed, syncs its tables in bulk,
 * and joins again through the members that it once joined by (facts/platform.md 3.1).
 */
import type { Stream } from '../../kernel/kernel.ts';
import { periodicTimeUs } from '../../kernel/time.ts';
import { ALIVE, SUSPECT, type Swim } from '../../protocols/swim/index.ts';
import type { GossipMember } from './member.ts';
import type { Shared } from './member-owner.ts';

const RECONNECT_LANE = 904;
const RECONNECT_SHARE_LANE = 905;
const CHORE_PHASE_LANE = 906;
const RECONNECT_TARGET_LANE = 907;
/** Of one table entry in a bulk sync. */
const ENTRY_BYTES = 200;

interface Chore {
  readonly swim: Swim | null;
  readonly act: () => void;
}

export class Chores {
  readonly #shared: Shared;
  readonly #member: GossipMember;
  /** Reconnects, bulk syncs, rejoins and retries: the payload is what to do. */
  readonly #stream: Stream;
  #choreNumber = 0;
  #reconnects = 0;
  #reconnectWaits = false;
  #bulkSyncs = 0;

  constructor(shared: Shared, name: string, member: GossipMember) {
    this.#shared = shared;
    this.#member = member;
    this.#stream = shared.kernel.stream(`${name}/chores`, (_number: number, chore: Chore) => {
      if (member.swim === chore.swim) member.timed(chore.act);
    });
  }

  /** The process is gone: nothing waits any more. */
  stop(): void {
    this.#reconnectWaits = false;
  }

  /** Does something after a while, if the process is still the same. */
  later(waitUs: number, act: () => void): void {
    const { kernel } = this.#shared;
    const chore: Chore = { swim: this.#member.swim, act };
    kernel.schedule(kernel.nowUs + waitUs, this.#stream, this.#choreNumber++, chore);
  }

  /** Bulk syncs and rejoins, each from a random phase on. */
  start(): void {
    const { parameters } = this.#shared;
    const phase = this.#stream.uniform(this.#choreNumber, CHORE_PHASE_LANE);
    if (parameters.tables) {
      this.later(Math.floor(phase * parameters.bulkSyncIntervalUs), () => this.#bulkSync());
    }
    const { rejoinIntervalUs } = parameters;
    if (rejoinIntervalUs !== null)
      this.later(Math.floor(phase * rejoinIntervalUs), () => this.#rejoin(rejoinIntervalUs));
  }

  /** Tries from now on to fetch back those that have failed (networkdb reconnectNode; serf reconnect). */
  reconnectSoon(): void {
    if (this.#reconnectWaits) return;
    this.#reconnectWaits = true;
    const { kernel, parameters } = this.#shared;
    const intervalUs = parameters.reconnectIntervalUs!;
    // The ticker began with the process; its phase is drawn for it.
    const phaseUs = Math.floor(this.#stream.uniform(0, RECONNECT_LANE) * intervalUs) + this.#member.anchorUs;
    const k = Math.floor((kernel.nowUs - phaseUs) / intervalUs) + 1;
    this.later(periodicTimeUs(phaseUs, intervalUs, k) - kernel.nowUs, () => this.#reconnect());
  }

  #reconnect(): void {
    this.#reconnectWaits = false;
    const { ledger } = this.#member;
    if (ledger.failedCount === 0) return;
    const { parameters, kernel } = this.#shared;
    const number = this.#reconnects++;
    const swim = this.#member.swim!;
    if (parameters.reconnectPolicy === 'share') {
      const share = ledger.failedCount / Math.max(1, swim.known - ledger.failedCount);
      if (this.#stream.uniform(number, RECONNECT_SHARE_LANE) > share) {
        this.reconnectSoon();
        return;
      }
    }
    const target = ledger.failedFrom(this.#stream.uniform(number, RECONNECT_TARGET_LANE));
    const slot = this.#shared.roster.slotOf[target]!;
    if (this.#isBack(target) || kernel.nowUs - swim.view.changedUs(slot) > parameters.forgetFailedUs) {
      ledger.setFailed(target, false);
      this.reconnectSoon();
      return;
    }
    // An attempt into silence keeps the loop until it times out.
    this.#member.join(target, () => this.reconnectSoon());
  }

  /** It is held alive and its entries are here: others told so meanwhile. */
  #isBack(subject: number): boolean {
    const state = this.#member.swim!.view.state(subject);
    return (state === ALIVE || state === SUSPECT) && !this.#member.ledger.isDeleted(subject);
  }

  /** Syncs tables with one random member that is held alive (networkdb bulkSyncTables). */
  #bulkSync(): void {
    const { kernel, parameters, owner } = this.#shared;
    this.later(parameters.bulkSyncIntervalUs, () => this.#bulkSync());
    const swim = this.#member.swim!;
    const peer = swim.randomPeer(this.#stream, this.#bulkSyncs++);
    if (peer < 0) return;
    const other = owner.members[peer]!;
    const bytes = ENTRY_BYTES * swim.known;
    this.#member.dialler.dial({
      from: this.#member.node.index,
      to: other.node.index,
      deadlineUs: kernel.nowUs + parameters.streamTimeoutUs,
      requestBytes: bytes,
      listens: () => other.running,
      requested: (answer, refuse) => other.serve(() => answer(bytes), refuse),
      answered: () => {
        if (this.#member.swim === swim) this.#member.timed(() => owner.synced(this.#member, other));
      },
      failed: () => {},
    });
  }

  /** Without any bootstrap member in sight, those are joined again (libnetwork#2134). */
  #rejoin(intervalUs: number): void {
    const { owner } = this.#shared;
    this.later(intervalUs, () => this.#rejoin(intervalUs));
    if (owner.holdsBootstrap(this.#member)) return;
    const attempt = (at: number) => {
      if (at < owner.bootstrap.length)
        this.#member.join(owner.bootstrap[at]!, (joined) => joined || attempt(at + 1));
    };
    attempt(0);
  }
}
