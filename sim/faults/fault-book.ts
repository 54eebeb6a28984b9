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

export interface Booked extends BookEntry {
  readonly number: number;
  readonly fromUs: number;
  /** The trace event of its beginning. */
  readonly event: TraceId;
  title: string;
  toUs: number | null;
  nodes: readonly string[];
  hadEffect: () => boolean;
  note: () => string;
}

export class FaultBook {
  readonly #kernel: Kernel;
  readonly #entries: Booked[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Gives it a number and records that it begins; what it does is filled in by the caller. */
  begin(entry: BookEntry, cause: TraceId): Booked {
    const number = this.#entries.length + 1;
    const event = this.#kernel.record('', '', 'fault', 0, `fault ${number}: ${entry.title}`, cause);
    const booked: Booked = {
      ...entry,
      number,
      fromUs: this.#kernel.nowUs,
      toUs: null,
      event,
      nodes: [],
      hadEffect: () => false,
      note: () => '',
    };
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
    return this.#entries.map(
      ({ number, index, kind, title, entity, nodes, fromUs, toUs, event, ...effect }) => {
        const hadEffect = effect.hadEffect();
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
          note: hadEffect ? '' : effect.note(),
        };
      },
    );
  }
}
