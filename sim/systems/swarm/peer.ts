/**
 * SwarmKit's Raft transport between two managers, one direction: each message is a gRPC call, one at a time, in order.
 *
 * - A call waits for its answer: 2 s, one that carries entries or a snapshot 20 s. Then the message is lost and the next
 *   one of the queue (4096) has its turn.
 * - gRPC sends no keepalives here: a connection on which packets vanish stands until TCP gives it up, so after a heal
 *   calls get through at TCP's next retransmission. What clients and the manager's own agent sent through the same
 *   connection (a follower passes their requests to the leader) starts that clock as well as Raft's messages do.
 * - Only a reset closes it. It is dialled again at once, then after 1 s, and 1.6 times as long (and up to a fifth more or
 *   less) each time, at most 8 s; calls fail at once between the attempts and wait during one.
 *
 * Source: moby/swarmkit manager/state/raft/transport/peer.go (run, sendProcessMessage), transport.go (dial), raft.go
 * (SendTimeout, LargeSendTimeout, LeaderConn); grpc-go v1.27 clientconn.go (resetTransport), backoff/backoff.go.
 */
import type { EventId } from '../../kernel/queue.ts';
import { Retransmission } from '../../world/retransmission.ts';
import {
  type ChannelPlace,
  type Letter,
  type LettersMeanwhile,
  nextSynUs,
  type Rest,
  TcpChannel,
} from '../../world/tcp-channel.ts';
import { backoffUs } from './backoff.ts';
import { type Call, type ConnectStep, isCheck } from './call.ts';
import * as limits from './limits.ts';
import { Requests } from './requests.ts';

export class GrpcPeer extends TcpChannel {
  readonly #retransmission: Retransmission;
  readonly #requests: Requests;
  #state: 'ready' | 'connecting' | 'backing-off' = 'ready';
  readonly #queue: Letter[] = [];
  /** The Raft message under way, and health checks. */
  #calls: Call[] = [];
  #sending = false;
  /** The peer's process is another one, or none: the next packet that gets there is answered with a reset. */
  #orphaned = false;
  #frozen = false;
  #freeAtUs = Number.NEGATIVE_INFINITY;
  #wake: EventId = -1;
  /** The step of connecting under way, and when it ends: an event where anything could come of it. */
  #step: ConnectStep = 'none';
  #stepUs = Number.POSITIVE_INFINITY;
  #connect: EventId = -1;
  #attempts = 0;
  #backoffs = 0;
  #attemptUs = 0;
  /** Health checks whose answer is on its way. */
  #answersDue = 0;
  /** Its sender is parked: what it goes on sending is made up for when it comes back. */
  #away = false;
  /** The call under way when its sender parked. */
  #lastCall: Call | null = null;
  /** While it was away TCP gave its connection up at this time, and the call then under way failed; -1: it has not. */
  #closedUs = -1;

  constructor(place: ChannelPlace, requestEveryUs: () => number) {
    super(place);
    this.#retransmission = new Retransmission(
      place.world.kernel,
      `${place.name}/retransmission`,
      place.fromPhaseUs,
      () => this.#gotThrough(),
      () => this.#closed(),
    );
    this.#requests = new Requests(requestEveryUs, this.timers, this, () => this.#requestSent());
  }

  /** A request goes out, into silence; false when there is none. */
  #requestSent(): boolean {
    if (this.passable || this.#state !== 'ready') return false;
    this.#retransmission.sent(this.roundTripUs);
    return true;
  }

  get flows(): boolean {
    return this.fromAlive && this.#clear && !this.#sending;
  }

  get connected(): boolean {
    return this.#state === 'ready';
  }

  get holds(): boolean {
    return this.fromAlive && this.#state === 'ready' && !this.#orphaned;
  }

  get rest(): Rest {
    if (!this.fromAlive) return 'stirs';
    if (this.#hopeless) return this.#queues ? 'queues' : 'stirs';
    const still = !this.stirring && !this.#retransmission.active && this.#queue.length === 0;
    return still && this.#clear && !this.#sending ? 'carries' : 'stirs';
  }

  /** Nothing will come of it but calls that time out and attempts that fail, until the world changes. */
  get #queues(): boolean {
    if (this.asks || this.timersPending !== this.#calls.length + (this.#connect >= 0 ? 1 : 0)) return false;
    if (this.#state !== 'ready') return true;
    return this.#calls.length > 0 && this.#retransmission.active;
  }

  get turnUs(): number {
    return this.#freeAtUs;
  }

  get asks(): boolean {
    return this.#answersDue > 0 || (this.#calls.length > 0 && this.#calls.some(isCheck));
  }

  /** Messages may be sent every so often while it is away: the queue must not run full meanwhile. */
  override queueHolds(everyUs: number): boolean {
    const lastsUs = this.#state === 'ready' ? limits.READY_UNNOTICED_MAX_US : limits.CONNECT_TIMEOUT_US;
    return this.#queue.length + lastsUs / everyUs < limits.QUEUE_LENGTH;
  }

  override get willTell(): boolean {
    return this.#calls.length > 0;
  }

  override leave(): void {
    this.#away = true;
    this.#lastCall = this.#calls[0] ?? null;
    for (const call of this.#calls) call.expiry = this.cancel(call.expiry);
    this.#connect = this.cancel(this.#connect);
  }

  override comeBack(letters: LettersMeanwhile): void {
    this.#away = false;
    let sinceUs = letters.fromUs;
    while (this.#stepIsOver) {
      if (this.#step !== 'retry' && (this.#calls.length > 0 || this.#queue.length > 0)) {
        this.#queue.length = 0;
        this.#calls = [];
        this.#sending = false;
      }
      if (this.#step !== 'retry') this.#closedUs = -1;
      sinceUs = this.#step === 'retry' ? this.#stepUs : Number.POSITIVE_INFINITY;
      if (!this.#triesInVain) this.#makeStep();
      else if (this.#walkInVain() === 'deadline') sinceUs = this.#attemptUs;
      else sinceUs = Number.POSITIVE_INFINITY;
    }
    if (this.#state !== 'backing-off') letters.visit(sinceUs, (letter, atUs) => this.#enqueued(letter, atUs));
    this.#expireBefore(this.nowUs + 1, true);
    this.#closedUs = -1;
    if (this.#lastCall !== null && this.#calls[0] !== this.#lastCall)
      this.place.owner.unreachable(this.place.from, this.place.to);
    this.#lastCall = null;
    for (const call of this.#calls) this.#armExpiry(call);
    this.#armStep();
  }

  override changing(): void {
    this.#catchUp();
  }

  /** As `send` would have done at that time, while nothing could come of it. */
  #enqueued(letter: Letter, atUs: number): void {
    this.#expireBefore(atUs, false);
    if (this.#sending) this.#queue.push(letter);
    else this.#startCall(letter, atUs);
  }

  #startCall(letter: Letter, atUs: number): void {
    this.#sending = true;
    this.#calls.push(this.#letterCall(letter, atUs));
  }

  /** Calls time out one after another; a letter of the same instant comes before, as its sender's streams do. */
  #expireBefore(timeUs: number, untilNow: boolean): void {
    for (;;) {
      const call = this.#calls[0];
      if (call === undefined) return;
      const closes = this.#closedUs >= 0 && this.#closedUs <= call.expiresUs;
      const expiresUs = closes ? this.#closedUs : call.expiresUs;
      if (expiresUs >= timeUs) return;
      // That it was closed has been handled, so it is past.
      if (untilNow && !closes && !this.world.kernel.isPast(expiresUs, this.timers.id, 0)) return;
      if (closes) this.#closedUs = -1;
      this.#calls = [];
      this.#sending = false;
      const next = this.#queue.shift();
      if (next !== undefined) this.#startCall(next, expiresUs);
    }
  }

  send(letter: Letter): boolean {
    if (this.#away) return true;
    this.#catchUp();
    if (this.#queue.length >= limits.QUEUE_LENGTH) return false;
    if (!this.#clear) this.felt(letter);
    this.#queue.push(letter);
    this.#sendNext();
    return true;
  }

  /** The receiver's answer to a health check: `done` a round trip later, or when it failed or took too long. */
  checkHealth(timeoutUs: number, done: (healthy: boolean) => void): void {
    this.#catchUp();
    if (this.#state === 'backing-off') {
      done(false);
      return;
    }
    if (this.#clear) {
      this.#answerLater(done);
      return;
    }
    const call: Call = { letter: null, done, expiresUs: this.nowUs + timeoutUs, expiry: -1 };
    this.#calls.push(call);
    this.#await(call);
  }

  fromDown(): void {
    this.fromAlive = false;
    this.#queue.length = 0;
    this.#forget();
  }

  fromUp(): void {
    this.fromAlive = true;
    this.#attempts = 0;
    this.#tryToConnect();
  }

  toDown(silent: boolean): void {
    this.#catchUp();
    this.toAlive = false;
    this.#frozen = false;
    this.#orphaned = true;
    this.#armStep();
    if (silent || !this.passable || !this.fromAlive || this.#state !== 'ready') return;
    this.schedule(this.oneWayUs(false), () => {
      if (this.#orphaned && this.#state === 'ready') this.#closed();
    });
  }

  toUp(): void {
    this.#catchUp();
    this.toAlive = true;
    this.#armStep();
  }

  toFrozen(frozen: boolean): void {
    this.#frozen = frozen;
    if (!frozen && this.#clear) this.#deliverCalls();
  }

  protected passableChanged(): void {
    if (!this.fromAlive) return;
    if (!this.passable) {
      if (this.#state === 'ready') this.#requests.await();
      // An attempt that is under way goes on as one into silence.
      if (this.#state === 'connecting') this.#awaitDeadline(this.nowUs);
      else this.#armStep();
      return;
    }
    this.#requests.stop();
    if (this.#state === 'connecting') this.#awaitSyn();
    else this.#armStep();
  }

  /** A call made now would be answered. */
  get #clear(): boolean {
    return (
      this.#state === 'ready' &&
      this.passable &&
      this.toAlive &&
      !this.#orphaned &&
      !this.#frozen &&
      !this.#retransmission.active
    );
  }

  #sendNext(): void {
    while (!this.#sending && this.#queue.length > 0) {
      const now = this.nowUs;
      if (now < this.#freeAtUs) {
        if (this.#wake < 0) {
          this.#wake = this.schedule(this.#freeAtUs - now, () => {
            this.#wake = -1;
            this.#sendNext();
          });
        }
        return;
      }
      const letter = this.#queue.shift()!;
      if (this.#state === 'backing-off') {
        this.place.owner.unreachable(this.place.from, this.place.to);
      } else if (this.#clear) {
        this.#call(letter);
      } else {
        this.world.kernel.touch();
        this.#startCall(letter, now);
        this.#await(this.#calls.at(-1)!);
      }
    }
  }

  #letterCall(letter: Letter, atUs: number): Call {
    const done = (answered: boolean) => {
      this.#sending = false;
      if (!answered) this.place.owner.unreachable(this.place.from, this.place.to);
      this.#sendNext();
    };
    return { letter, done, expiresUs: atUs + letter.timeoutUs, expiry: -1 };
  }

  #call(letter: Letter): void {
    const arrivalUs = this.transmit(letter);
    this.#freeAtUs = Math.min(arrivalUs + this.oneWayUs(false), this.nowUs + letter.timeoutUs);
  }

  #armExpiry(call: Call): void {
    call.expiry = this.schedule(call.expiresUs - this.nowUs, () => {
      this.#calls = this.#calls.filter((one) => one !== call);
      this.world.kernel.touch();
      call.done(false);
    });
  }

  #await(call: Call): void {
    this.#armExpiry(call);
    this.#armStep();
    if (this.#state === 'ready' && !this.#frozen) this.#retransmission.sent(this.roundTripUs);
  }

  /** TCP tries again: what waits is delivered, or the connection is reset. */
  #gotThrough(): boolean {
    if (!this.passable) return false;
    if (this.#orphaned) this.#closed();
    else if (!this.#frozen) this.#deliverCalls();
    return true;
  }

  #deliverCalls(): void {
    const calls = this.#calls;
    this.#calls = [];
    for (const { letter, done, expiry } of calls) {
      this.cancel(expiry);
      if (letter === null) this.#answerLater(done);
      else {
        this.#call(letter);
        done(true);
      }
    }
    this.world.kernel.touch();
    this.#sendNext();
  }

  #answerLater(done: (healthy: boolean) => void): void {
    this.#answersDue++;
    this.schedule(this.roundTripUs, () => {
      this.#answersDue--;
      done(this.fromAlive);
    });
  }

  #failCalls(): void {
    const calls = this.#calls;
    this.#calls = [];
    for (const { done, expiry } of calls) {
      this.cancel(expiry);
      done(false);
    }
  }

  #forget(): void {
    this.#retransmission.stop();
    for (const { expiry } of this.#calls) this.cancel(expiry);
    this.#calls = [];
    this.#sending = false;
    this.#setStep('none', Number.POSITIVE_INFINITY);
    this.#requests.stop();
    this.#wake = this.cancel(this.#wake);
    this.#freeAtUs = Number.NEGATIVE_INFINITY;
  }

  #closed(): void {
    this.#retransmission.stop();
    this.#requests.stop();
    this.#attempts = 0;
    this.#tryToConnect();
    if (this.#away) this.#closedUs = this.nowUs;
    else this.#failCalls();
    this.world.kernel.touch();
  }

  #tryToConnect(nowUs = this.nowUs): void {
    this.#state = 'connecting';
    this.#attemptUs = nowUs;
    if (this.passable) this.#handshake(nowUs);
    else this.#awaitDeadline(nowUs);
  }

  /** The packets of an attempt go out at `sentUs`, and meet a listener or none. */
  #handshake(sentUs: number): void {
    const roundTrips = this.toAlive ? limits.HANDSHAKE_ROUND_TRIPS : 1;
    this.#setStep('handshake', sentUs + this.roundTripUs * roundTrips);
  }

  #awaitSyn(): void {
    const synUs = nextSynUs(this.#attemptUs, limits.CONNECT_TIMEOUT_US, this.nowUs, this.place.fromPhaseUs);
    if (synUs === Number.POSITIVE_INFINITY) this.#awaitDeadline(this.nowUs);
    else this.#handshake(synUs);
  }

  #awaitDeadline(nowUs: number): void {
    this.#setStep('deadline', Math.max(nowUs, this.#attemptUs + limits.CONNECT_TIMEOUT_US));
  }

  #backOff(nowUs: number): void {
    this.#state = 'backing-off';
    this.#failCalls();
    this.#sendNext();
    this.#setStep('retry', nowUs + this.#nextBackoffUs());
  }

  /** Nobody is there, or no packets pass. */
  get #hopeless(): boolean {
    return !this.passable || !this.toAlive;
  }

  #setStep(step: ConnectStep, atUs: number): void {
    this.#connect = this.cancel(this.#connect);
    this.#step = step;
    this.#stepUs = atUs;
    this.#armStep();
  }

  /**
   * The step needs an event only where it can succeed, or something waits for it to fail. Otherwise it is made up for when
   * someone looks: into the void a connection is tried every 28 s, for as long as a machine is dark.
   */
  #armStep(): void {
    if (this.#step === 'none' || this.#connect >= 0 || this.#away) return;
    if (this.#hopeless && this.#calls.length === 0 && this.#queue.length === 0) return;
    this.#connect = this.schedule(this.#stepUs - this.nowUs, () => {
      this.#connect = -1;
      this.#makeStep();
    });
  }

  get #stepIsOver(): boolean {
    return this.#step !== 'none' && this.world.kernel.isPast(this.#stepUs, this.timers.id, 0);
  }

  #catchUp(): void {
    while (this.#connect < 0 && !this.#away && this.#stepIsOver) {
      if (this.#triesInVain) this.#walkInVain();
      else this.#makeStep();
    }
  }

  /** It tries to connect into silence, again and again, and nothing waits for what comes of it. */
  get #triesInVain(): boolean {
    if (this.passable || this.#calls.length > 0 || this.#queue.length > 0) return false;
    return this.#step === 'retry' || this.#step === 'deadline';
  }

  /** All steps that are over by now, as `#makeStep` would do them one by one; returns what comes next. */
  #walkInVain(): ConnectStep {
    const { kernel } = this.world;
    let retries = this.#step === 'retry';
    let atUs = this.#stepUs;
    for (; kernel.isPast(atUs, this.timers.id, 0); retries = !retries) {
      if (retries) this.#attemptUs = atUs;
      atUs += retries ? limits.CONNECT_TIMEOUT_US : this.#nextBackoffUs();
    }
    this.#state = retries ? 'backing-off' : 'connecting';
    this.#stepUs = atUs;
    return (this.#step = retries ? 'retry' : 'deadline');
  }

  #makeStep(): void {
    const nowUs = this.#stepUs;
    if (this.#step === 'retry') this.#tryToConnect(nowUs);
    else if (this.#step === 'deadline') this.#backOff(nowUs);
    else if (!this.passable) this.#awaitDeadline(nowUs);
    else if (this.toAlive) this.#connected();
    else this.#backOff(nowUs);
  }

  #nextBackoffUs(): number {
    const attempt = this.#attempts++;
    const u = attempt === 0 ? 0 : this.timers.uniform(this.#backoffs++, limits.BACKOFF_LANE);
    return Math.round(backoffUs(attempt, u));
  }

  #connected(): void {
    this.#setStep('none', Number.POSITIVE_INFINITY);
    this.#state = 'ready';
    this.#orphaned = false;
    this.#attempts = 0;
    this.#freeAtUs = Number.NEGATIVE_INFINITY;
    this.lastArrivalUs = Math.max(this.lastArrivalUs, this.nowUs);
    this.#deliverCalls();
  }
}
