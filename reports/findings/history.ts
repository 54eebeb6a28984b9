/** A run's failovers and missing quorums by system, for those who ask about many moments of a long run. */
import type { Failover, GroupInterval, Run } from '../../sim/run.ts';
import { indexBy, type SpanIndex } from './span-index.ts';
import type { Span } from './stretches.ts';

interface History {
  readonly failovers: ReadonlyMap<string, SpanIndex<Failover>>;
  readonly withoutQuorum: ReadonlyMap<string, SpanIndex<GroupInterval>>;
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
