/**
 * The trace: every significant event of a run and the event that caused it (DESIGN.md rule 4). Reports explain from
 * these chains: outage <- no quorum <- zone b down <- fault 1. Ordinary messages and ticks are not in it.
 */

/** Identifies a trace event within its run: 1, 2, 3, ... in the order of model time. */
export type TraceId = number;

/** The cause of what has none inside the model, such as the start of the run. */
export const NO_CAUSE: TraceId = 0;

export interface TraceEvent {
  readonly id: TraceId;
  readonly timeUs: number;
  /** The system it happened in, '' for the world (nodes, links, faults). */
  readonly system: string;
  /** The node it happened on, '' when it is not about one node. */
  readonly node: string;
  /** What happened, a word of the vocabulary in docs/reference: `node-down`, `campaign`, `leader`, ... */
  readonly event: string;
  /** Raft term, or 0 when it has none. */
  readonly term: number;
  /** One clause in plain words. */
  readonly detail: string;
  readonly cause: TraceId;
}

export class Trace {
  readonly #events: TraceEvent[] = [];
  #begun = false;
  readonly #observers: ((event: TraceEvent) => void)[] = [];

  record(
    timeUs: number,
    system: string,
    node: string,
    event: string,
    term: number,
    detail: string,
    cause: TraceId,
  ): TraceId {
    if (!this.#begun) return NO_CAUSE;
    const id = this.#events.length + 1;
    if (cause < 0 || cause >= id)
      throw new Error(`trace event ${id} (${event}) names an unknown cause ${cause}`);
    const entry: TraceEvent = { id, timeUs, system, node, event, term, detail, cause };
    this.#events.push(entry);
    for (const observer of this.#observers) observer(entry);
    return id;
  }

  /** Observers see each event as it is recorded; they never influence the run. */
  observe(observer: (event: TraceEvent) => void): void {
    this.#observers.push(observer);
  }

  /** Until now nothing was kept (the warm-up): `record` gave NO_CAUSE. From here on it is the trace of the run. */
  begin(): void {
    this.#begun = true;
  }

  /** What is recorded is kept. */
  get recording(): boolean {
    return this.#begun;
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  get(id: TraceId): TraceEvent | undefined {
    return this.#events[id - 1];
  }
}

/** The chain that led to an event, nearest cause first, the event itself not included. */
export function causesOf(events: readonly TraceEvent[], id: TraceId): TraceEvent[] {
  const chain: TraceEvent[] = [];
  for (let at = events[id - 1]?.cause ?? NO_CAUSE; at !== NO_CAUSE; ) {
    const event = events[at - 1];
    if (event === undefined) break;
    chain.push(event);
    at = event.cause;
  }
  return chain;
}
