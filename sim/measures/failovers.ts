/** Failovers: loss of a leader until the group serves again, split into lost, detected, elected, recovered. */
import type { Kernel } from '../kernel/kernel.ts';
import { NO_CAUSE, type TraceEvent, type TraceId } from '../kernel/trace.ts';
import type { Failover } from '../run.ts';
import type { Group, GroupObserver, GroupStatus, System } from '../systems/system.ts';

interface Open {
  oldLeader: string;
  oldTerm: number;
  lostAtUs: number;
  lostEvent: TraceId;
  rounds: number;
  detectedUs: number | null;
  detectedEvent: TraceId | null;
  electedUs: number | null;
  electedEvent: TraceId | null;
}

export class FailoverMeter {
  readonly #finished: Omit<Failover, 'fault'>[] = [];
  readonly #trackers: Tracker[] = [];

  constructor(kernel: Kernel, systems: readonly System[]) {
    for (const system of systems) {
      const trackers = new Map<Group, Tracker>();
      for (const group of system.groups) {
        const tracker = new Tracker(kernel, system.spec.name, group.name, (failover) =>
          this.#finished.push(failover),
        );
        trackers.set(group, tracker);
        this.#trackers.push(tracker);
      }
      system.observe({
        campaign: (group, node, term, event) => trackers.get(group)?.campaign(group, node, term, event),
        elected: (group, node, term, event) => trackers.get(group)?.elected(group, node, term, event),
        statusChanged: (group, status, event) => trackers.get(group)?.statusChanged(group, status, event),
      });
    }
  }

  /** In the order of their beginning; `faultOf` gives the number of the fault behind a trace event. */
  failovers(faultOf: (event: TraceId) => number): Failover[] {
    const all = [...this.#finished, ...this.#trackers.flatMap((tracker) => tracker.unfinished())];
    return all
      .map((failover) => ({ ...failover, fault: faultOf(failover.lostEvent) }))
      .sort((a, b) => a.lostAtUs - b.lostAtUs || compare(a.system, b.system) || compare(a.group, b.group));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Tracker implements GroupObserver {
  readonly #kernel: Kernel;
  readonly #system: string;
  readonly #group: string;
  readonly #finish: (failover: Omit<Failover, 'fault'>) => void;
  #serving: { leader: string; term: number } | null = null;
  #open: Open | null = null;

  constructor(
    kernel: Kernel,
    system: string,
    group: string,
    finish: (failover: Omit<Failover, 'fault'>) => void,
  ) {
    this.#kernel = kernel;
    this.#system = system;
    this.#group = group;
    this.#finish = finish;
  }

  campaign(_group: Group, _node: string, _term: number, event: TraceId): void {
    const open = this.#open;
    if (open === null) return;
    open.rounds++;
    open.detectedUs ??= this.#kernel.nowUs;
    open.detectedEvent ??= event;
  }

  elected(_group: Group, _node: string, _term: number, event: TraceId): void {
    const open = this.#open;
    if (open === null) return;
    open.electedUs = this.#kernel.nowUs;
    open.electedEvent = event;
    open.detectedUs ??= open.electedUs;
    open.detectedEvent ??= event;
  }

  statusChanged(_group: Group, status: GroupStatus, event: TraceId): void {
    const before = this.#serving;
    this.#serving = status.state === 'serving' ? { leader: status.leader, term: status.term } : null;
    if (
      before !== null &&
      (this.#serving === null || this.#serving.leader !== before.leader || this.#serving.term !== before.term)
    ) {
      this.#lose(before, event);
    }
    if (this.#serving !== null && this.#open !== null) this.#recover(this.#serving, event);
  }

  unfinished(): Omit<Failover, 'fault'>[] {
    return this.#open === null ? [] : [this.#record(this.#open, null, null)];
  }

  #lose(before: { leader: string; term: number }, event: TraceId): void {
    this.#open = {
      oldLeader: before.leader,
      oldTerm: before.term,
      lostAtUs: this.#kernel.nowUs,
      lostEvent: event,
      rounds: 0,
      detectedUs: null,
      detectedEvent: null,
      electedUs: null,
      electedEvent: null,
    };
  }

  #recover(serving: { leader: string; term: number }, event: TraceId): void {
    const open = this.#open!;
    this.#open = null;
    // The same leader in the same term: its quorum came back, there was nothing to fail over to.
    if (serving.leader === open.oldLeader && serving.term === open.oldTerm) return;
    this.#finish(this.#record(open, serving, event));
  }

  #record(
    open: Open,
    serving: { leader: string; term: number } | null,
    event: TraceId | null,
  ): Omit<Failover, 'fault'> {
    const since = (timeUs: number | null) => (timeUs === null ? null : timeUs - open.lostAtUs);
    const recoveredUs = serving === null ? null : this.#kernel.nowUs - open.lostAtUs;
    return {
      system: this.#system,
      group: this.#group,
      oldLeader: open.oldLeader,
      newLeader: serving?.leader ?? null,
      oldTerm: open.oldTerm,
      newTerm: serving?.term ?? null,
      rounds: open.rounds,
      lostAtUs: open.lostAtUs,
      detectedUs: since(open.detectedUs) ?? recoveredUs,
      electedUs: since(open.electedUs) ?? recoveredUs,
      recoveredUs,
      lostEvent: open.lostEvent,
      detectedEvent: open.detectedEvent,
      electedEvent: open.electedEvent,
      recoveredEvent: event,
    };
  }
}

/** The number of the fault that a chain of causes goes back to; 0 when it goes back to none. */
export function faultFinder(
  events: readonly TraceEvent[],
  faults: readonly { readonly number: number; readonly event: TraceId }[],
): (event: TraceId) => number {
  const numbers = new Map(faults.map((fault) => [fault.event, fault.number]));
  return (event) => {
    for (let at = event; at !== NO_CAUSE; at = events[at - 1]?.cause ?? NO_CAUSE) {
      const number = numbers.get(at);
      if (number !== undefined) return number;
    }
    return 0;
  };
}
