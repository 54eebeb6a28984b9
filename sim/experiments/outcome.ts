/**
 * What a run leaves behind for statistics: plain data that crosses threads, journals and machines. Model microseconds
 * and counts throughout, so that sums do not depend on their order.
 */
import { faultLabel } from '../faults/label.ts';
import type { TraceEvent, TraceId } from '../kernel/trace.ts';
import type { Failover, Outage, Run, SystemReport } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { simulate } from '../simulate.ts';

/**
 * An objective's value where what it measures never happened within the run (a failover that did not end): longer than
 * any limit, and unlike Infinity a number in JSON too.
 */
export const NEVER = Number.MAX_VALUE;

/** Of one operation of one system from one vantage; in the order of the run's summary. */
export interface OperationOutcome {
  readonly downUs: number;
  readonly degradedUs: number;
  readonly waitingUs: number;
  /** Lengths of its outages in the order of time; the last one is cut off by the end of the run when `cutOff`. */
  readonly outagesUs: readonly number[];
  readonly cutOff: boolean;
  /**
   * Downtime by the fault that each outage goes back to (`zone-outage us-west/b`; see `faultLabel`), or `no fault: <event>`
   * where its chain of causes begins with something else; in the order of first appearance.
   */
  readonly causes: readonly (readonly [cause: string, downUs: number])[];
}

export interface FailoverOutcome {
  readonly group: string;
  /** null: did not happen within the run. */
  readonly detectedUs: number | null;
  readonly electedUs: number | null;
  readonly recoveredUs: number | null;
}

/** Of one system; in the order of the scenario. */
export interface SystemOutcome {
  readonly failovers: readonly FailoverOutcome[];
  readonly campaigns: number;
  readonly elections: number;
  readonly splitVotes: number;
  readonly highestTerm: number;
}

/** One run. Its rows are named once for all runs of a variant, by `OutcomeRows`. */
export interface RunOutcome {
  /** Index into the study's variants. */
  readonly variant: number;
  /** k = 0, 1, 2, ...: the run's seed is `<study seed>/<k>`, the same in every variant. */
  readonly run: number;
  readonly operations: readonly OperationOutcome[];
  readonly systems: readonly SystemOutcome[];
  /** Of each objective, in the unit of its limit; null when this run has no such figure, NEVER when it has no end. */
  readonly objectives: readonly (number | null)[];
  /** Faults that happened. */
  readonly faults: number;
  /** Entries of the scenario's faults (by index) that had no effect here: planned ones also when they never began. */
  readonly idleFaults: readonly number[];
}

/** What the rows of a variant's outcomes are about. */
export interface OutcomeRows {
  readonly durationUs: number;
  readonly operations: readonly {
    readonly system: string;
    readonly operation: string;
    readonly vantage: string;
  }[];
  readonly systems: readonly string[];
}

/** Found without a run of the scenario: from one microsecond without faults, which costs some milliseconds. */
export function rowsOf({ title, description, world, systems, vantages, run }: Scenario): OutcomeRows {
  const brief: Scenario = {
    title,
    description,
    world,
    systems,
    vantages,
    faults: [],
    objectives: [],
    run: { durationUs: 1, warmUpUs: 0 },
  };
  return { ...outcomeRows(simulate(brief)), durationUs: run.durationUs };
}

export function outcomeRows(run: Run): OutcomeRows {
  return {
    durationUs: run.durationUs,
    operations: run.summary.map(({ system, operation, vantage }) => ({ system, operation, vantage })),
    systems: run.systems.map(({ name }) => name),
  };
}

/** What is kept of run k of a variant. */
export function outcomeOf(run: Run, variant: number, k: number): RunOutcome {
  const labelOf = causeLabels(run);
  const outages = new Map<string, Outage[]>();
  for (const outage of run.outages) {
    const key = trackKey(outage);
    const track = outages.get(key);
    if (track === undefined) outages.set(key, [outage]);
    else track.push(outage);
  }
  return {
    variant,
    run: k,
    operations: run.summary.map((row) => {
      const own = outages.get(trackKey(row)) ?? [];
      return {
        downUs: row.downtimeUs,
        degradedUs: row.degradedUs,
        waitingUs: row.waitingUs,
        outagesUs: own.map(({ fromUs, toUs }) => toUs - fromUs),
        cutOff: own.at(-1)?.ended === false,
        causes: downtimeByCause(own, labelOf),
      };
    }),
    systems: run.systems.map((system) => systemOutcome(system, run.failovers)),
    objectives: run.objectives.map(({ value }) => (value === Number.POSITIVE_INFINITY ? NEVER : value)),
    faults: run.faults.length,
    idleFaults: idleFaults(run),
  };
}

function trackKey({ system, operation, vantage }: Pick<Outage, 'system' | 'operation' | 'vantage'>): string {
  return JSON.stringify([system, operation, vantage]);
}

function downtimeByCause(
  outages: readonly Outage[],
  labelOf: (outage: Outage) => string,
): (readonly [string, number])[] {
  const down = new Map<string, number>();
  for (const outage of outages) {
    const label = labelOf(outage);
    down.set(label, (down.get(label) ?? 0) + (outage.toUs - outage.fromUs));
  }
  return [...down];
}

function causeLabels(run: Run): (outage: Outage) => string {
  const faults = new Map<TraceId, string>();
  for (const { event, index, kind } of run.faults) {
    const spec = run.scenario.faults[index];
    faults.set(event, spec === undefined ? kind : faultLabel(spec, run.scenario.world));
  }
  return ({ causes }) => {
    for (const cause of causes) {
      const label = faults.get(cause);
      if (label !== undefined) return label;
    }
    const first: TraceEvent | undefined = run.events[(causes.at(-1) ?? 0) - 1];
    return `no fault: ${first?.event ?? 'from the start'}`;
  };
}

function systemOutcome(system: SystemReport, failovers: readonly Failover[]): SystemOutcome {
  return {
    failovers: failovers
      .filter((failover) => failover.system === system.name)
      .map(({ group, detectedUs, electedUs, recoveredUs }) => ({
        group,
        detectedUs,
        electedUs,
        recoveredUs,
      })),
    campaigns: system.campaigns,
    elections: system.elections,
    splitVotes: system.splitVotes,
    highestTerm: system.highestTerm,
  };
}

/** A random fault that did not happen is part of the answer, not idle. */
function idleFaults(run: Run): number[] {
  return run.scenario.faults.flatMap((fault, index) => {
    const reports = run.faults.filter((report) => report.index === index);
    const idle = reports.length === 0 ? fault.start.kind !== 'every' : reports.every((r) => !r.hadEffect);
    return idle ? [index] : [];
  });
}

/** What most rows of most runs are: nothing happened. */
const QUIET: OperationOutcome = Object.freeze({
  downUs: 0,
  degradedUs: 0,
  waitingUs: 0,
  outagesUs: Object.freeze([]) as readonly number[],
  cutOff: false,
  causes: Object.freeze([]) as OperationOutcome['causes'],
});

/** The same outcome in a fraction of the memory: vantages that saw the same share one object. */
export function compacted(outcome: RunOutcome): RunOutcome {
  const distinct: OperationOutcome[] = [QUIET];
  const operations = outcome.operations.map((row) => {
    const known = distinct.find((each) => sawTheSame(each, row));
    if (known !== undefined) return known;
    distinct.push(row);
    return row;
  });
  return { ...outcome, operations };
}

function sawTheSame(a: OperationOutcome, b: OperationOutcome): boolean {
  return (
    a.downUs === b.downUs &&
    a.degradedUs === b.degradedUs &&
    a.waitingUs === b.waitingUs &&
    a.cutOff === b.cutOff &&
    a.outagesUs.length === b.outagesUs.length &&
    a.outagesUs.every((us, i) => us === b.outagesUs[i]) &&
    a.causes.length === b.causes.length &&
    a.causes.every(([cause, us], i) => cause === b.causes[i]![0] && us === b.causes[i]![1])
  );
}
