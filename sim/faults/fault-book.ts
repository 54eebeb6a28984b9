/** Every fault that has begun, with its number: what the reports of a run are made from. */
import type { Kernel } from '../kernel/kernel.ts';
import type { TraceId } from '../kernel/trace.ts';
import type { FaultReport } from '../run.ts';

/** What is told of a fault. */
export interface BookEntry {
  /** Index of the scenario's fault; -1 for what operators do. */
  readonly index: number;
  readonly kind: string;
  readonly title: string;
  /** Which of the entities of the fault failed; '' where it has but one. */
  readonly entity: string;
}

/** A fault that has begun; what it does is filled in by whoever began it. */
export class Booked implements BookEntry {
  readonly index: number;
  readonly kind: string;
  readonly entity: string;
  readonly number: number;
  readonly fromUs: number;
  /** The trace event of its beginning. */
  readonly event: TraceId;
  title: string;
  toUs: number | null = null;
  nodes: readonly string[] = [];
  hadEffect: () => boolean = never;
  note: () => string = nothing;

  constructor({ index, kind, title, entity }: BookEntry, number: number, fromUs: number, event: TraceId) {
    this.index = index;
    this.kind = kind;
    this.title = title;
    this.entity = entity;
    this.number = number;
    this.fromUs = fromUs;
    this.event = event;
  }
}

function never(): boolean {
  return false;
}

function nothing(): string {
  return '';
}

export class FaultBook {
  readonly #kernel: Kernel;
  readonly #entries: Booked[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Gives it a number and records that it begins. */
  begin(entry: BookEntry, cause: TraceId): Booked {
    const number = this.#entries.length + 1;
    const event = this.#kernel.record('', '', 'fault', 0, `fault ${number}: ${entry.title}`, cause);
    const booked = new Booked(entry, number, this.#kernel.nowUs, event);
    this.#entries.push(booked);
    return booked;
  }

  /** Records that it is over; `cause` where something else than its beginning ended it. */
  end(booked: Booked, cause: TraceId = booked.event): TraceId {
    booked.toUs = this.#kernel.nowUs;
    return this.#kernel.record('', '', 'fault-ends', 0, `fault ${booked.number} is over`, cause);
  }

  /** In the order of their beginning. */
  reports(): FaultReport[] {
    return this.#entries.map((booked) => {
      const { number, index, kind, title, entity, nodes, fromUs, toUs, event } = booked;
      const hadEffect = booked.hadEffect();
      const note = hadEffect ? '' : booked.note();
      return {
        number,
        index,
        kind,
        title,
        ...(entity !== '' && { entity }),
        nodes,
        fromUs,
        toUs,
        event,
        hadEffect,
        note,
      };
    });
  }
}
