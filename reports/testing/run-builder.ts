/**
 * Builds a Run by hand, state change by state change in the order of time, so that reports are tested without the
 * simulator. What a Run derives (intervals, outages, summary rows) is derived here in the plainest way.
 */
import type { Seed } from '../../sim/kernel/streams.ts';
import type { TraceEvent, TraceId } from '../../sim/kernel/trace.ts';
import { causesOf } from '../../sim/kernel/trace.ts';
import type { ObjectiveVerdict } from '../../sim/measures/objectives.ts';
import type {
  AvailabilityInterval,
  Failover,
  FaultReport,
  GroupInterval,
  GroupState,
  MemberInterval,
  MemberState,
  OperationState,
  Outage,
  Run,
  SummaryRow,
  SystemReport,
  Vantage,
} from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';

interface Open<T> {
  readonly fromUs: number;
  readonly value: T;
}

/** The history of one thing: a list of values, each from its time on. */
class History<T> {
  readonly changes: Open<T>[] = [];

  set(atUs: number, value: T): void {
    const last = this.changes.at(-1);
    if (last !== undefined && last.fromUs === atUs) this.changes.pop();
    this.changes.push({ fromUs: atUs, value });
  }

  intervals(endUs: number): { fromUs: number; toUs: number; value: T }[] {
    return this.changes
      .map((change, i) => ({
        fromUs: change.fromUs,
        toUs: this.changes[i + 1]?.fromUs ?? endUs,
        value: change.value,
      }))
      .filter((interval) => interval.toUs > interval.fromUs);
  }
}

type GroupValue = Pick<GroupInterval, 'state' | 'leader' | 'term' | 'reachable' | 'cause'>;
type OperationValue = Pick<AvailabilityInterval, 'state' | 'waits' | 'cause'>;
type MemberValue = Pick<MemberInterval, 'state' | 'term' | 'cutOff'>;

const keyOf = (...parts: string[]) => parts.join('\0');

export class RunBuilder {
  readonly scenario: Scenario;
  readonly vantages: Vantage[];
  readonly systems: SystemReport[] = [];
  readonly faults: FaultReport[] = [];
  readonly failovers: Failover[] = [];
  readonly objectives: ObjectiveVerdict[] = [];
  readonly #events: TraceEvent[] = [];
  readonly #members = new Map<string, History<MemberValue>>();
  readonly #groups = new Map<string, History<GroupValue>>();
  readonly #operations = new Map<string, History<OperationValue>>();
  readonly #voters = new Map<string, number>();

  constructor(scenario: Scenario, vantages: Vantage[]) {
    this.scenario = scenario;
    this.vantages = vantages;
  }

  /** Records an event in any order of time; `build` sorts and numbers anew whatever refers to it. */
  event(
    timeUs: number,
    system: string,
    node: string,
    event: string,
    term: number,
    detail: string,
    cause: TraceId,
  ): TraceId {
    this.#events.push({ id: this.#events.length + 1, timeUs, system, node, event, term, detail, cause });
    return this.#events.length;
  }

  /** A system with one group; all members start as followers of the leader, every operation up from every vantage. */
  system(
    report: Partial<SystemReport> & { name: string; kind: string; members: readonly string[] },
    leader: string,
    operations: readonly string[],
  ): void {
    const rethink = report.kind === 'rethink';
    this.systems.push({
      profile: 'deck-2017',
      groups: [''],
      impact: [],
      campaigns: 0,
      elections: 0,
      highestTerm: 2,
      splitVotes: 0,
      messages: [{ linkClass: 'between-zones', messages: 4_800, lost: 12, bytes: 412_800 }],
      ...report,
    });
    this.#voters.set(report.name, report.members.length);
    for (const node of report.members) {
      const leads = node === leader;
      this.member(
        0,
        report.name,
        node,
        leads ? (rethink ? 'primary' : 'leader') : rethink ? 'secondary' : 'follower',
        2,
      );
    }
    this.group(0, report.name, 'serving', leader, 2, report.members.length, 0);
    for (const operation of operations) this.operation(0, report.name, operation, '*', 'up', false, 0);
  }

  member(atUs: number, system: string, node: string, state: MemberState, term: number, cutOff = false): void {
    this.#history(this.#members, keyOf(system, '', node)).set(atUs, { state, term, cutOff });
  }

  group(
    atUs: number,
    system: string,
    state: GroupState,
    leader: string,
    term: number,
    reachable: number,
    cause: TraceId,
  ): void {
    this.#history(this.#groups, keyOf(system, '')).set(atUs, { state, leader, term, reachable, cause });
  }

  /** Vantage `*` = every vantage. */
  operation(
    atUs: number,
    system: string,
    operation: string,
    vantage: string,
    state: OperationState,
    waits: boolean,
    cause: TraceId,
  ): void {
    const names = vantage === '*' ? this.vantages.map((each) => each.name) : [vantage];
    for (const name of names) {
      this.#history(this.#operations, keyOf(system, operation, name)).set(atUs, { state, waits, cause });
    }
  }

  #sorted(): { events: TraceEvent[]; final: (id: TraceId) => TraceId } {
    const sorted = this.#events.toSorted((a, b) => a.timeUs - b.timeUs);
    const ids = new Map(sorted.map((event, i) => [event.id, i + 1]));
    const final = (id: TraceId) => (id === 0 ? 0 : ids.get(id)!);
    return {
      events: sorted.map((event) => ({ ...event, id: final(event.id), cause: final(event.cause) })),
      final,
    };
  }

  #history<T>(histories: Map<string, History<T>>, key: string): History<T> {
    let history = histories.get(key);
    if (history === undefined) histories.set(key, (history = new History()));
    return history;
  }

  build(seed: Seed, eventCount: number): Run {
    const { durationUs } = this.scenario.run;
    const { events, final } = this.#sorted();
    const availability: AvailabilityInterval[] = [];
    const outages: Outage[] = [];
    const summary: SummaryRow[] = [];
    for (const [key, history] of this.#operations) {
      const [system, operation, vantage] = key.split('\0') as [string, string, string];
      const intervals = history.intervals(durationUs).map((interval) => ({
        ...interval,
        value: { ...interval.value, cause: final(interval.value.cause) },
      }));
      availability.push(
        ...intervals.map(({ fromUs, toUs, value }) => ({
          system,
          operation,
          vantage,
          fromUs,
          toUs,
          ...value,
        })),
      );
      const down: Outage[] = [];
      for (const { fromUs, toUs, value } of intervals) {
        if (value.state !== 'down') continue;
        const before = down.at(-1);
        if (before !== undefined && before.toUs === fromUs) {
          down[down.length - 1] = { ...before, toUs, ended: toUs < durationUs };
          continue;
        }
        const causes =
          value.cause === 0 ? [] : [value.cause, ...causesOf(events, value.cause).map((e) => e.id)];
        down.push({ system, operation, vantage, fromUs, toUs, ended: toUs < durationUs, causes });
      }
      outages.push(...down);
      const total = (test: (value: OperationValue) => boolean) =>
        intervals.reduce((sum, { fromUs, toUs, value }) => sum + (test(value) ? toUs - fromUs : 0), 0);
      const upUs = total((value) => value.state === 'up');
      summary.push({
        system,
        operation,
        vantage,
        availability: upUs / durationUs,
        degradedUs: total((value) => value.state === 'degraded'),
        downtimeUs: total((value) => value.state === 'down'),
        waitingUs: total((value) => value.waits),
        outages: down.length,
        longestOutageUs: Math.max(0, ...down.map((outage) => outage.toUs - outage.fromUs)),
      });
    }
    const maybeFinal = (id: TraceId | null) => (id === null ? null : final(id));
    const byTime = (a: { fromUs: number }, b: { fromUs: number }) => a.fromUs - b.fromUs;
    return {
      scenario: this.scenario,
      seed,
      durationUs,
      events,
      faults: this.faults.map((fault) => ({ ...fault, event: final(fault.event) })),
      systems: this.systems,
      vantages: this.vantages,
      failovers: this.failovers
        .map((failover) => ({
          ...failover,
          lostEvent: final(failover.lostEvent),
          detectedEvent: maybeFinal(failover.detectedEvent),
          electedEvent: maybeFinal(failover.electedEvent),
          recoveredEvent: maybeFinal(failover.recoveredEvent),
        }))
        .toSorted((a, b) => a.lostAtUs - b.lostAtUs),
      availability: availability.toSorted(byTime),
      summary,
      outages: outages.toSorted(byTime),
      members: [...this.#members]
        .flatMap(([key, history]) => {
          const [system, group, node] = key.split('\0') as [string, string, string];
          return history
            .intervals(durationUs)
            .map(({ fromUs, toUs, value }) => ({ system, group, node, fromUs, toUs, ...value }));
        })
        .toSorted(byTime),
      groups: [...this.#groups]
        .flatMap(([key, history]) => {
          const [system, group] = key.split('\0') as [string, string];
          const voters = this.#voters.get(system)!;
          const quorum = Math.floor(voters / 2) + 1;
          return history.intervals(durationUs).map(({ fromUs, toUs, value }) => ({
            system,
            group,
            fromUs,
            toUs,
            ...value,
            cause: final(value.cause),
            voters,
            quorum,
          }));
        })
        .toSorted(byTime),
      objectives: this.objectives,
      eventCount,
    };
  }
}
