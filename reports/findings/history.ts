/** A run's failovers and missing quorums by system, and its faults by number and event, for those who ask about many moments of a long run. */
import type { TraceId } from '../../sim/kernel/trace.ts';
import type { Failover, FaultReport, GroupInterval, Run } from '../../sim/run.ts';
import { indexBy, type SpanIndex } from './span-index.ts';
import type { Span } from './stretches.ts';

interface History {
  readonly failovers: ReadonlyMap<string, SpanIndex<Failover>>;
  readonly withoutQuorum: ReadonlyMap<string, SpanIndex<GroupInterval>>;
  readonly faults: ReadonlyMap<number, FaultReport>;
  readonly faultsByEvent: ReadonlyMap<TraceId, FaultReport>;
}

const known = new WeakMap<Run, History>();

function historyOf(run: Run): History {
  let history = known.get(run);
  if (history === undefined) {
    history = {
      failovers: indexBy(
        run.failovers,
        (failover) => failover.system,
        ({ lostAtUs, recoveredUs }) => ({
          fromUs: lostAtUs,
          toUs: recoveredUs === null ? run.durationUs : lostAtUs + recoveredUs,
        }),
      ),
      withoutQuorum: indexBy(
        run.groups.filter((each) => each.state === 'no-quorum'),
        (each) => each.system,
        (each) => each,
      ),
      faults: new Map(run.faults.map((fault) => [fault.number, fault])),
      faultsByEvent: new Map(run.faults.map((fault) => [fault.event, fault])),
    };
    known.set(run, history);
  }
  return history;
}

/** The failovers of a system that were under way in that span, by their beginnings. */
export function failoversDuring(run: Run, system: string, span: Span): Failover[] {
  return historyOf(run).failovers.get(system)?.overlapping(span) ?? [];
}

/** When groups of a system had no quorum in that span, by their beginnings. */
export function withoutQuorumDuring(run: Run, system: string, span: Span): GroupInterval[] {
  return historyOf(run).withoutQuorum.get(system)?.overlapping(span) ?? [];
}

export function faultOf(run: Run, number: number): FaultReport | undefined {
  return historyOf(run).faults.get(number);
}

/** The fault whose beginning an event of the trace is. */
export function faultBegunBy(run: Run, event: TraceId): FaultReport | undefined {
  return historyOf(run).faultsByEvent.get(event);
}
