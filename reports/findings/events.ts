/** Events of the trace in words, and the faults behind them. */
import { causesOf, NO_CAUSE, type TraceEvent, type TraceId } from '../../sim/kernel/trace.ts';
import type { FaultReport, Run } from '../../sim/run.ts';
import { clean } from '../words.ts';
import { faultBegunBy } from './history.ts';

export function eventOf(run: Run, id: TraceId | null): TraceEvent | undefined {
  return id === null ? undefined : run.events[id - 1];
}

/** An event as a clause: who, and what. Details are verb phrases of their node, or clauses of their own. */
export function eventClause(event: TraceEvent): string {
  const what = event.detail === '' ? event.event.replaceAll('-', ' ') : event.detail;
  if (event.node === '' || what.startsWith(event.node)) return clean(what);
  if (what.startsWith('its ')) return clean(`${event.node}'s ${what.slice('its '.length)}`);
  return clean(`${event.node}${/^(a|an|the|no|\d+) /.test(what) ? ':' : ''} ${what}`);
}

/** The fault behind an event; direct when the event is the fault's own. */
export function nearestFault(run: Run, cause: TraceId): { fault: FaultReport; direct: boolean } | undefined {
  if (cause === NO_CAUSE) return undefined;
  const ids = [cause, ...causesOf(run.events, cause).map((event) => event.id)];
  for (const id of ids) {
    const fault = faultBegunBy(run, id);
    if (fault !== undefined) return { fault, direct: id === cause };
  }
  return undefined;
}

/** `because zone b loses power (fault 1)`. */
export function becauseOf(fault: FaultReport): string {
  return `because ${clean(fault.title)} (fault ${fault.number})`;
}
