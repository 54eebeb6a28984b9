/**
 * A machine while it runs. Faults put holds on it and take them off again; several may lie on one node at once, and it
 * is up only when none keeps it down.
 */
import type { Distribution } from '../kernel/distribution.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { NodeSpec } from './topology.ts';

export type HoldKind =
  /** The machine is dark: silent for its peers. */
  | 'power'
  /** The processes are gone, the machine answers: connections close and are refused. */
  | 'process'
  /** The processes are frozen; the machine still acknowledges packets. */
  | 'pause'
  /** fsync takes as long as the hold says, or never ends (null). */
  | 'disk'
  /** The clock runs off by so many ppm more. */
  | 'clock';

export interface Hold {
  readonly kind: HoldKind;
  readonly cause: TraceId;
  readonly fsyncUs: Distribution | null;
  readonly driftPpm: number;
}

/** Faults that add up would stop a clock or turn it back; no clock does. */
const CLOCK_RATE_MIN = 0.01;
const CLOCK_RATE_MAX = 100;

export class Node {
  readonly index: number;
  readonly spec: NodeSpec;
  readonly name: string;
  /** The zone it stands in (the rack's zone when it stands in a rack). */
  readonly zone: string;
  /** The trace event that made it what it is. */
  cause: TraceId = NO_CAUSE;
  #holds: Hold[] = [];
  /** When another hold was taken off, and the node stayed what it was because of these. */
  readonly #keptFromUs = new Map<Hold, number>();
  /** The machine has power: it acknowledges, closes and refuses connections. */
  powered = true;
  /** The processes exist (they may be frozen). */
  running = true;
  paused = false;
  /** fsync never ends. */
  diskStalled = false;

  constructor(index: number, spec: NodeSpec, zone: string) {
    this.index = index;
    this.spec = spec;
    this.name = spec.name;
    this.zone = zone;
  }

  /** Running, not frozen. */
  get active(): boolean {
    return this.running && !this.paused;
  }

  /** Of one fsync now; the latest fault on the disk counts. */
  get fsyncUs(): Distribution {
    for (let i = this.#holds.length - 1; i >= 0; i--) {
      const hold = this.#holds[i]!;
      if (hold.kind === 'disk' && hold.fsyncUs !== null) return hold.fsyncUs;
    }
    return this.spec.fsync;
  }

  /** How fast its clock runs against model time: 1 = exactly. */
  get clockRate(): number {
    let ppm = this.spec.clock.driftPpm;
    for (const hold of this.#holds) if (hold.kind === 'clock') ppm += hold.driftPpm;
    return Math.min(Math.max(1 + ppm * 1e-6, CLOCK_RATE_MIN), CLOCK_RATE_MAX);
  }

  /** Processes that end are frozen no more, and the ones that come after them are others. */
  addHold(hold: Hold): void {
    if (hold.kind === 'pause' && !this.running) return;
    if (isDown(hold)) this.#holds = this.#holds.filter(({ kind }) => kind !== 'pause');
    this.#holds.push(hold);
    this.#stand();
  }

  removeHold(hold: Hold, nowUs: number): void {
    const at = this.#holds.indexOf(hold);
    if (at < 0) return;
    this.#holds.splice(at, 1);
    this.#keptFromUs.delete(hold);
    for (const other of this.#holds) {
      const alike = other.kind === hold.kind || (isDown(other) && isDown(hold));
      if (alike && !this.#keptFromUs.has(other)) this.#keptFromUs.set(other, nowUs);
    }
    this.#stand();
  }

  /** Did it, before that time, stay what it was for a while because of this hold, when another one was over? */
  wasKeptBy(hold: Hold, nowUs: number): boolean {
    const fromUs = this.#keptFromUs.get(hold);
    return fromUs !== undefined && fromUs < nowUs;
  }

  /** The latest fault that keeps it from being what it should, NO_CAUSE when none does. */
  troubleCause(...kinds: HoldKind[]): TraceId {
    for (let i = this.#holds.length - 1; i >= 0; i--) {
      if (kinds.includes(this.#holds[i]!.kind)) return this.#holds[i]!.cause;
    }
    return NO_CAUSE;
  }

  #stand(): void {
    this.powered = !this.#has('power');
    this.running = this.powered && !this.#has('process');
    this.paused = this.#has('pause');
    this.diskStalled = this.#holds.some((hold) => hold.kind === 'disk' && hold.fsyncUs === null);
  }

  #has(kind: HoldKind): boolean {
    for (let i = 0; i < this.#holds.length; i++) if (this.#holds[i]!.kind === kind) return true;
    return false;
  }
}

function isDown({ kind }: Hold): boolean {
  return kind === 'power' || kind === 'process';
}
