/** The machine's answers: run.json (the manifest) and the document that `--json` prints. */
import type { Comparison, Verdict } from '../../sim/measures/objectives.ts';
import type {
  AvailabilityInterval,
  Failover,
  FaultReport,
  Outage,
  Run,
  SummaryRow,
  SystemReport,
  Vantage,
} from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';
import type { ParkingReport } from '../../sim/systems/parking.ts';
import { idleFaults } from '../findings/idle-faults.ts';
import { hashOf } from './canonical.ts';

/** Raised when a reader of the old shape would misread the new one; keys may be added without. */
export const SCHEMA_VERSION = 1;

export interface ObjectiveReport {
  readonly text: string;
  readonly system: string;
  readonly verdict: Verdict;
  readonly value: number | null;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: 'share' | 'us' | 'count';
  readonly note: string;
}

export interface RunCounts {
  /** Kernel events handled. */
  readonly kernelEvents: number;
  /** Rows of timeline.csv. */
  readonly traceEvents: number;
  readonly faults: number;
  readonly faultsWithoutEffect: number;
  readonly failovers: number;
  readonly outages: number;
}

/** How a group was parked: the cost of the run, and nothing that it says. Shares of the model time, warm-up included. */
export interface ParkedGroup {
  readonly system: string;
  readonly group: string;
  /** How often it went to rest; 0: it did not park. */
  readonly times: number;
  readonly parkedShare: number;
  /** What kept it awake, the longest first. */
  readonly awakeBecause: readonly { readonly reason: string; readonly share: number }[];
}

/** What run.json and the `--json` document share. Times are model microseconds (integers). */
export interface RunReport {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: { readonly name: 'zonefall'; readonly version: string };
  readonly scenario: Scenario;
  readonly scenarioHash: string;
  readonly seed: Run['seed'];
  readonly durationUs: number;
  /**
   * Fail if an objective fails, else inconclusive if one is or if a fault was idle, else pass; what the exit code says.
   */
  readonly verdict: Verdict;
  /** Faults of the scenario that had no effect or never began: what it asked stays open. In words; left out when none. */
  readonly idleFaults?: readonly string[] | undefined;
  readonly counts: RunCounts;
  /** `everyEvent`: nothing was parked, as asked. Only this, `counts.kernelEvents` and `wallClock` differ then. */
  readonly parking?: { readonly everyEvent: boolean; readonly groups: readonly ParkedGroup[] } | undefined;
  readonly objectives: readonly ObjectiveReport[];
  readonly faults: readonly FaultReport[];
  readonly systems: readonly SystemReport[];
  readonly vantages: readonly Vantage[];
  readonly summary: readonly SummaryRow[];
}

export interface RunManifest extends RunReport {
  /** ISO 8601 interval: when the run began and how long it took. The only thing in any file that two runs may not share. */
  readonly wallClock?: string;
}

export interface RunDocument extends RunReport {
  readonly failovers: readonly Failover[];
  readonly outages: readonly Outage[];
  readonly availability: readonly AvailabilityInterval[];
}

export interface WallClock {
  readonly startedAt: Date;
  readonly elapsedMs: number;
}

function runReport(run: Run, version: string): RunReport {
  const idle = idleFaults(run).map(({ words }) => words);
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'zonefall', version },
    scenario: run.scenario,
    scenarioHash: hashOf(run.scenario),
    seed: run.seed,
    durationUs: run.durationUs,
    verdict: overallVerdict(run),
    ...(idle.length === 0 ? {} : { idleFaults: idle }),
    counts: {
      kernelEvents: run.eventCount,
      traceEvents: run.events.length,
      faults: run.faults.length,
      faultsWithoutEffect: run.faults.filter((fault) => !fault.hadEffect).length,
      failovers: run.failovers.length,
      outages: run.outages.length,
    },
    ...(run.parking === undefined
      ? {}
      : { parking: { everyEvent: run.parking.everyEvent, groups: run.parking.groups.map(parkedGroup) } }),
    objectives: run.objectives.map(({ objective, verdict, value, note }) => ({
      text: objective.text,
      system: objective.system,
      verdict,
      value: value === null ? null : roundShare(value),
      comparison: objective.comparison,
      limit: objective.limit,
      unit: unitOf(objective.metric.kind),
      note,
    })),
    faults: run.faults,
    systems: run.systems,
    vantages: run.vantages,
    summary: run.summary.map((row) => ({ ...row, availability: roundShare(row.availability) })),
  };
}

/** Reasons told of a group that was awake. */
const REASONS_TOLD = 5;

function parkedGroup({ system, group, parkedUs, awakeUs, times, reasons }: ParkingReport): ParkedGroup {
  const share = (us: number) => Number((us / Math.max(1, parkedUs + awakeUs)).toFixed(6));
  const awakeBecause = reasons.slice(0, REASONS_TOLD).map(({ reason, us }) => ({ reason, share: share(us) }));
  return { system, group, times, parkedShare: share(parkedUs), awakeBecause };
}

/** run.json. Without `wallClock` the field is left out. */
export function runManifest(run: Run, version: string, wallClock: WallClock | null): RunManifest {
  return {
    ...runReport(run, version),
    ...(wallClock === null ? {} : { wallClock: intervalText(wallClock) }),
  };
}

/** What `--json` prints: no wall clock, so that it is the same bytes each time. */
export function runDocument(run: Run, version: string): RunDocument {
  return {
    ...runReport(run, version),
    failovers: run.failovers,
    outages: run.outages,
    availability: run.availability,
  };
}

/** JSON for a file or for stdout: two spaces, a final newline. */
export function jsonText(document: RunManifest | RunDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The one verdict of a run: the headline, the documents and the exit code have it from here. */
export function overallVerdict(run: Pick<Run, 'objectives' | 'faults' | 'scenario'>): Verdict {
  const verdicts = run.objectives.map((each) => each.verdict);
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') || idleFaults(run).length > 0 ? 'inconclusive' : 'pass';
}

export function unitOf(
  metric: Run['objectives'][number]['objective']['metric']['kind'],
): 'share' | 'us' | 'count' {
  switch (metric) {
    case 'availability':
      return 'share';
    case 'downtime':
    case 'degraded':
    case 'longest-outage':
    case 'waiting':
    case 'failover':
      return 'us';
    default:
      return 'count';
  }
}

/** Twelve decimals, as in summary.csv; whole numbers stay as they are. */
function roundShare(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toFixed(12));
}

function intervalText({ startedAt, elapsedMs }: WallClock): string {
  return `${startedAt.toISOString()}/PT${(elapsedMs / 1000).toFixed(3)}S`;
}
