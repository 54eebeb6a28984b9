/**
 * etcd's rafthttp between two members, one direction: messages travel on a long-lived HTTP stream that the *receiver*
 * dials; without one the sender posts them one by one (the pipeline).
 *
 * - The receiver gives the stream up when it has read nothing for 5 s, and dials again. A dial into silence ends after a
 *   second and an election time-out; the next follows at once (never more than ten a second), so SYNs go out about every
 *   second, and a heal is felt at the next one.
 * - The sender does not notice silence: its stream stays attached and swallows what it writes, until the receiver's new
 *   stream takes its place. Only a reset (the peer's process died, its machine lives) makes it fall back to the pipeline.
 * - Where no Raft message flows, link heartbeats every 5/3 s keep the stream alive.
 *
 * Source: etcd release-3.4 etcdserver/api/rafthttp: peer.go (pick, ConnReadTimeout), stream.go (streamReader.run, dial,
 * streamWriter.run), transport.go (DialRetryFrequency), etcdserver/config.go (peerDialTimeout); facts/consensus.md 2.8, 2.15.
 */
import type { EventId } from '../../kernel/queue.ts';
import { MILLISECOND, SECOND } from '../../kernel/time.ts';
import { Retransmission } from '../../world/retransmission.ts';
import { type ChannelPlace, type Letter, nextSynUs, type Rest, TcpChannel } from '../../world/tcp-channel.ts';

const READ_TIMEOUT_US = 5 * SECOND;
const LINK_HEARTBEAT_US = READ_TIMEOUT_US / 3;
const REDIAL_US = 100 * MILLISECOND;
const LINK_HEARTBEAT_LANE = 1;

export class RafthttpStream extends TcpChannel {
  readonly #dialTimeoutUs: number;
  readonly #retransmission: Retransmission;
  /** The receiver reads from a stream, or dials for one. */
  #reading = true;
  /** The sender holds a stream: this one, or one that the receiver has given up unnoticed. */
  #attached = true;
  /** The sender's process is frozen: it answers no dial. */
  #silent = false;
  /** In the sender's socket, unacknowledged. */
  #waiting: Letter[] = [];
  #dialledFromUs = 0;
  /** The last dial was refused: the machine is there, the process is not. */
  #refused = false;
  #readTimeout: EventId = -1;
  #readTimeouts = 0;
  #attach: EventId = -1;

  constructor(place: ChannelPlace, dialTimeoutUs: number) {
    super(place);
    this.#dialTimeoutUs = dialTimeoutUs;
    this.#retransmission = new Retransmission(
      place.world.kernel,
      `${place.name}/retransmission`,
      place.fromPhaseUs,
      () => this.#resend(),
      () => this.#detach(),
    );
  }

  get flows(): boolean {
    if (!this.passable || !this.fromAlive || !this.toAlive) return false;
    return this.#attached ? this.#reading && this.#waiting.length === 0 : true;
  }

  get connected(): boolean {
    return this.#attached;
  }

  get holds(): boolean {
    return this.fromAlive && this.#attached && this.#reading;
  }

  get rest(): Rest {
    if (this.stirring || this.#retransmission.active) return 'stirs';
    if (!this.#attached) return this.passable && this.toAlive ? 'stirs' : 'refuses';
    if (!this.#reading) return this.#canOpen ? 'stirs' : 'swallows';
    return this.#canOpen && this.#waiting.length === 0 ? 'carries' : 'stirs';
  }

  readonly turnUs = null;
  readonly asks = false;

  send(letter: Letter): boolean {
    if (!this.#attached) return this.#post(letter);
    if (!this.#reading) {
      // Swallowed by a stream that the receiver no longer reads.
      this.felt(letter);
      return true;
    }
    if (this.passable && this.#waiting.length === 0) {
      this.transmit(letter);
      return true;
    }
    this.felt(letter);
    this.#waiting.push(letter);
    this.#retransmission.sent(this.roundTripUs);
    this.world.kernel.touch();
    return true;
  }

  fromDown(silent: boolean): void {
    this.fromAlive = false;
    this.#silent = false;
    this.#detach();
    this.#attach = this.cancel(this.#attach);
    if (silent || !this.passable || !this.toAlive) return;
    this.schedule(this.oneWayUs(true), () => {
      if (this.toAlive && this.#reading) this.#stopReading(true);
    });
  }

  fromUp(): void {
    this.fromAlive = true;
    // A receiver that has not noticed reads on from a stream that nobody writes to, until it gives up.
    if (this.#reading) this.#armReadTimeout();
    else this.#dial();
  }

  toDown(silent: boolean): void {
    this.toAlive = false;
    this.#reading = false;
    this.#readTimeout = this.cancel(this.#readTimeout);
    this.#attach = this.cancel(this.#attach);
    this.#drop();
    if (silent || !this.passable) return;
    this.schedule(this.oneWayUs(false), () => {
      if (!this.#reading) this.#detach();
    });
  }

  toUp(): void {
    this.toAlive = true;
    this.#dialledFromUs = this.nowUs;
    this.#refused = false;
    this.#dial();
  }

  override fromFrozen(frozen: boolean): void {
    this.#silent = frozen;
    if (frozen) {
      if (this.#reading) this.#armReadTimeout();
    } else if (this.#reading) {
      if (this.passable) this.#readTimeout = this.cancel(this.#readTimeout);
    } else {
      // The last dial has been waiting for an answer in the backlog of its listener.
      this.#dialledFromUs = this.nowUs;
      this.#dial();
    }
  }

  toFrozen(): void {}

  protected passableChanged(): void {
    if (!this.passable) {
      this.#attach = this.cancel(this.#attach);
      if (this.#reading) this.#armReadTimeout();
    } else if (!this.#reading) {
      this.#dial();
    } else if (this.#attached && !this.#silent) {
      this.#readTimeout = this.cancel(this.#readTimeout);
    }
  }

  /** The pipeline: a connection of its own, dialled at once. */
  #post(letter: Letter): boolean {
    if (!this.passable || !this.toAlive) {
      this.felt(letter);
      return false;
    }
    this.transmit(letter, this.roundTripUs);
    return true;
  }

  #armReadTimeout(): void {
    if (!this.toAlive || this.#readTimeout >= 0) return;
    const linkHeartbeatAgeUs =
      LINK_HEARTBEAT_US * this.timers.uniform(this.#readTimeouts++, LINK_HEARTBEAT_LANE);
    const lastReadUs = Math.max(this.lastArrivalUs, this.nowUs - linkHeartbeatAgeUs);
    this.#readTimeout = this.schedule(Math.min(lastReadUs, this.nowUs) + READ_TIMEOUT_US - this.nowUs, () => {
      this.#readTimeout = -1;
      this.#stopReading(false);
    });
  }

  #stopReading(refused: boolean): void {
    this.#reading = false;
    this.#readTimeout = this.cancel(this.#readTimeout);
    this.#drop();
    this.#refused = refused;
    this.#dialledFromUs = this.nowUs;
    this.world.kernel.touch();
    this.#dial();
  }

  /** A stream opens as soon as one of the receiver's dials can succeed. */
  #dial(): void {
    if (!this.#canOpen || this.#attach >= 0) return;
    const waitUs = this.#nextSynUs() - this.nowUs;
    this.#attach = this.schedule(waitUs + this.roundTripUs + this.oneWayUs(false), () => this.#opened());
  }

  get #canOpen(): boolean {
    return this.passable && this.fromAlive && this.toAlive && !this.#silent;
  }

  #nextSynUs(): number {
    const cycleUs = this.#refused ? REDIAL_US : Math.max(this.#dialTimeoutUs, REDIAL_US);
    const cycles = Math.floor((this.nowUs - this.#dialledFromUs) / cycleUs);
    const sinceUs = this.#dialledFromUs + cycles * cycleUs;
    const synUs = this.#refused
      ? sinceUs
      : nextSynUs(sinceUs, this.#dialTimeoutUs, this.nowUs, this.place.toPhaseUs);
    return synUs >= this.nowUs && synUs < sinceUs + cycleUs ? synUs : sinceUs + cycleUs;
  }

  #opened(): void {
    this.#attach = -1;
    if (!this.#canOpen) return;
    this.#drop();
    this.#reading = true;
    this.#attached = true;
    this.#refused = false;
    this.lastArrivalUs = Math.max(this.lastArrivalUs, this.nowUs);
    this.world.kernel.touch();
  }

  #resend(): boolean {
    if (!this.passable) return false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const letter of waiting) this.transmit(letter);
    this.world.kernel.touch();
    return true;
  }

  #drop(): void {
    this.#waiting = [];
    this.#retransmission.stop();
  }

  #detach(): void {
    this.#drop();
    if (!this.#attached) return;
    this.#attached = false;
    this.world.kernel.touch();
    if (this.fromAlive) this.place.owner.unreachable(this.place.from, this.place.to);
  }
}
