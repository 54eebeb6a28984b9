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
  readonly #holds: Hold[] = [];
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

  addHold(hold: Hold): void {
    this.#holds.push(hold);
    this.#stand();
  }

  removeHold(hold: Hold): void {
    const at = this.#holds.indexOf(hold);
    if (at >= 0) this.#holds.splice(at, 1);
    this.#stand();
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
