/**
 * When a member exchanges whole states with another: at an interval that grows with the cluster, with everyone once before
 * anyone twice. Source: memberlist state.go pushPullTrigger, pushPull.
 */
import type { Stream } from '../../kernel/kernel.ts';
import { ProbeRing, pushPullIntervalUs } from '../../protocols/swim/index.ts';
import { exchange, STATE_BYTES } from './exchange.ts';
import type { GossipMember } from './member.ts';
import type { Shared } from './member-owner.ts';
import { passExchanges, plainExchanges } from './parking/plain.ts';
import { type Ticked, Ticker } from './parking/ticker.ts';
import { SYN_BYTES } from './short-connection.ts';

const PHASE_LANE = 903;

export class PushPulls {
  readonly ticker: Ticker;
  readonly #shared: Shared;
  readonly #member: GossipMember;
  readonly #stream: Stream;
  readonly #peers: ProbeRing;
  #lastUs = 0;
  /** A process that has started waits for a part of the base interval, and only then for the first whole one. */
  #staggers = false;

  /** Events of the stream must be passed to the ticker. */
  constructor(shared: Shared, member: GossipMember, stream: Stream) {
    this.#shared = shared;
    this.#member = member;
    this.#stream = stream;
    this.#peers = new ProbeRing(stream, member.index, shared.roster.size, 0, false);
    this.ticker = new Ticker(shared.parker, stream, this.#ticked());
  }

  /** Its process starts; a settled one has run for long, and its exchanges come at any point of their interval. */
  start(settled: boolean): void {
    const stagger = this.#stream.uniform(this.ticker.number + 1, PHASE_LANE);
    this.#staggers = !settled;
    const withinUs = settled ? this.#intervalUs : this.#shared.parameters.pushPullIntervalUs;
    this.ticker.schedule(this.#shared.kernel.nowUs + Math.floor(stagger * withinUs));
  }

  exchange(peer: number): void {
    const done = (exchanged: boolean) => this.#scheduleNext(exchanged);
    exchange(this.#shared, this.#member, peer, false, done, 'push-pull', this.ticker.number);
  }

  get #intervalUs(): number {
    return pushPullIntervalUs(this.#shared.parameters, this.#member.swim!.known);
  }

  #tick(): void {
    this.#lastUs = this.#shared.kernel.nowUs;
    const staggers = this.#staggers;
    this.#staggers = false;
    this.#member.timed(() => {
      if (staggers) this.#scheduleNext(false);
      else if (!this.#member.swim!.pushPullTick(this.#peers)) this.#scheduleNext(true);
    });
  }

  #ticked(): Ticked {
    const { parker } = this.#shared;
    const member = this.#member;
    return {
      kind: 'exchanges',
      tick: () => this.#tick(),
      rest: (number) => {
        if (this.#staggers) return null;
        const { gaps } = member.dialler;
        const numbers = member.dialler.numbersOf('push-pull', 4);
        return plainExchanges(parker, member, gaps, numbers, number, this.#intervalUs);
      },
      pass: (count) => {
        const bytes = 2 * SYN_BYTES + STATE_BYTES * member.swim!.known;
        passExchanges(parker, member, this.#peers, count, bytes, STATE_BYTES);
      },
    };
  }

  /**
   * An exchange is over. The next one follows on the last by one interval; after a failure only then (memberlist waits for
   * the interval each time; that an exchange takes milliseconds is left out, so that their times are known beforehand).
   */
  #scheduleNext(exchanged: boolean): void {
    const { nowUs } = this.#shared.kernel;
    const intervalUs = this.#intervalUs;
    const lastUs = exchanged && this.#lastUs + intervalUs > nowUs ? this.#lastUs : nowUs;
    this.ticker.schedule(lastUs + intervalUs);
  }
}
