/** When a group did not serve, read off the trace: from the event in which it lost its leader or its quorum on. */
import { NO_CAUSE, type TraceEvent } from '../../sim/kernel/trace.ts';
import type { GroupInterval, GroupState, Run, SystemReport } from '../../sim/run.ts';

/** The words with which a group changes its state; `connection-lost` is not one of them. */
const STATUS_EVENTS: ReadonlyMap<string, GroupState> = new Map([
  ['serving', 'serving'],
  ['leader-lost', 'no-leader'],
  ['primary-lost', 'no-leader'],
  ['quorum-lost', 'no-quorum'],
]);

/** "2 of 3 voters can talk to each other, 2 are needed" */
const COUNTS = /(\d+) of (\d+) .*?(\d+) (?:is|are) needed/;

/** One group as a row of intervals. Whom it can reach is told only when its state changes. */
export function statusHistory(
  events: readonly TraceEvent[],
  system: Pick<SystemReport, 'name' | 'members'>,
  durationUs: number,
): GroupInterval[] {
  const own = events.filter((event) => event.system === system.name);
  const first = own.find((event) => event.timeUs === 0 && event.cause === NO_CAUSE && event.node !== '');
  const voters = system.members.length;
  const quorum = Math.floor(voters / 2) + 1;
  let open: Omit<GroupInterval, 'toUs'> = {
    system: system.name,
    group: '',
    fromUs: 0,
    state: first === undefined ? 'no-leader' : 'serving',
    leader: first?.node ?? '',
    term: first?.term ?? 0,
    reachable: voters,
    voters,
    quorum,
    cause: NO_CAUSE,
  };
  const history: GroupInterval[] = [];
  const close = (toUs: number) => {
    if (toUs > open.fromUs) history.push({ ...open, toUs });
  };
  for (const event of own) {
    const state = STATUS_EVENTS.get(event.event);
    if (state === undefined) continue;
    close(event.timeUs);
    const counts = COUNTS.exec(event.detail);
    open = {
      ...open,
      fromUs: event.timeUs,
      state,
      leader: state === 'serving' ? event.node : '',
      term: state === 'serving' ? event.term : 0,
      reachable: counts === null ? voters : Number(counts[1]),
      cause: event.id,
    };
  }
  close(durationUs);
  return history;
}

/** A time in which a group did not serve. */
export interface Lapse {
  readonly system: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** The states it went through, the first one first. */
  readonly parts: readonly GroupInterval[];
  /** The event in which it began; undefined when the run began with it. */
  readonly lost: TraceEvent | undefined;
  /** The event in which the group served again; undefined when the run ended before. */
  readonly served: TraceEvent | undefined;
  readonly leaderBefore: string;
  readonly termBefore: number;
}

export function lapsesOf(run: Run, system: string): Lapse[] {
  const history = run.groups.filter((group) => group.system === system);
  const lapses: Lapse[] = [];
  for (let i = 0; i < history.length; i++) {
    if (history[i]!.state === 'serving') continue;
    const first = i;
    while (history[i + 1] !== undefined && history[i + 1]!.state !== 'serving') i++;
    const next = history[i + 1];
    lapses.push({
      system,
      fromUs: history[first]!.fromUs,
      toUs: history[i]!.toUs,
      parts: history.slice(first, i + 1),
      lost: run.events[history[first]!.cause - 1],
      served: next === undefined ? undefined : run.events[next.cause - 1],
      leaderBefore: history[first - 1]?.leader ?? '',
      termBefore: history[first - 1]?.term ?? 0,
    });
  }
  return lapses;
}
