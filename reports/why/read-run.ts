/** Reads the folder that `zonefall run` wrote back into a Run, as far as the files tell it; nothing is simulated again. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_CAUSE, type TraceEvent } from '../../sim/kernel/trace.ts';
import { findOutages } from '../../sim/measures/summary.ts';
import type { AvailabilityInterval, Failover, OperationState, Run } from '../../sim/run.ts';
import { AVAILABILITY_COLUMNS, FAILOVERS_COLUMNS, TIMELINE_COLUMNS } from '../csv/index.ts';
import type { RunManifest } from '../json/document.ts';
import { runManifestSchema } from '../json/schema.ts';
import { statusHistory } from './lapses.ts';
import { type RecordedTable, readTable } from './read-table.ts';
import { RunFolderError } from './run-folder-error.ts';

/**
 * A run as its files tell it. What they leave out is empty: `members`; and no interval of `availability` says that
 * requests waited.
 * @throws {RunFolderError}
 */
export async function readRun(folder: string): Promise<Run> {
  await refuseOther(folder);
  const manifest = await readManifest(folder);
  const [timeline, availability, failovers] = await Promise.all([
    readFileTable(folder, 'timeline.csv', TIMELINE_COLUMNS),
    readFileTable(folder, 'availability.csv', AVAILABILITY_COLUMNS),
    readFileTable(folder, 'failovers.csv', FAILOVERS_COLUMNS),
  ]);
  const events = eventsOf(timeline);
  const { durationUs, counts } = manifest;
  sameCount(timeline.path, events.length, counts.traceEvents, 'events');
  const intervals = intervalsOf(availability, events.length, durationUs);
  const outages = findOutages(intervals, events, durationUs);
  sameCount(availability.path, outages.length, counts.outages, 'outages');
  sameCount(failovers.path, failovers.rows.length, counts.failovers, 'failovers');
  const { scenario, seed, systems, vantages, faults, summary } = manifest;
  return {
    scenario,
    seed,
    durationUs,
    events,
    faults,
    systems,
    vantages,
    failovers: failovers.rows.map((row) => failoverOf(failovers, row, events)),
    availability: intervals,
    summary,
    outages,
    members: [],
    // Gossip has no group that could lose a leader or a quorum.
    groups: systems
      .filter((system) => system.groups.length > 0)
      .flatMap((system) => statusHistory(events, system, durationUs)),
    objectives: [],
    eventCount: counts.kernelEvents,
  };
}

async function refuseOther(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new RunFolderError(`there is no folder ${folder}`);
  if (!found.isDirectory())
    throw new RunFolderError(`${folder} is a file: name the folder that zonefall run wrote`);
}

async function readText(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new RunFolderError(`${folder} is not the folder of a run: it has no ${name}`);
    throw new RunFolderError(`cannot read ${join(folder, name)}: ${message.split('\n', 1)[0]}`);
  }
}

async function readFileTable(
  folder: string,
  name: string,
  columns: readonly string[],
): Promise<RecordedTable> {
  return readTable(join(folder, name), await readText(folder, name), columns);
}

async function readManifest(folder: string): Promise<RunManifest> {
  const path = join(folder, 'run.json');
  const text = await readText(folder, 'run.json');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RunFolderError(`${path} is damaged: it is not JSON`);
  }
  const { tool, schemaVersion } = (value ?? {}) as { tool?: { name?: unknown }; schemaVersion?: unknown };
  if (tool?.name !== 'zonefall') throw new RunFolderError(`${path} is not from zonefall run`);
  if (schemaVersion !== 1)
    throw new RunFolderError(
      `${path} has schema version ${String(schemaVersion)}; this zonefall reads version 1`,
    );
  const checked = runManifestSchema.safeParse(value);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    throw new RunFolderError(`${path} is damaged: ${issue.path.join('.')}: ${issue.message}`);
  }
  return value as RunManifest;
}

function sameCount(path: string, found: number, stated: number, what: string): void {
  if (found !== stated) {
    throw new RunFolderError(
      `${path} has ${found} ${what} where run.json counts ${stated}: the files are not of one run, or one is damaged`,
    );
  }
}

function eventsOf(table: RecordedTable): TraceEvent[] {
  let beforeUs = 0;
  return table.rows.map((row, i) => {
    const timeUs = table.time(row, 'time_ms');
    const id = table.integer(row, 'id');
    const cause = table.integer(row, 'cause');
    if (id !== i + 1) throw table.wrong(row, 'id', `is not ${i + 1}: rows are missing or out of order`);
    if (cause >= id) throw table.wrong(row, 'cause', 'is not an earlier event');
    if (timeUs < beforeUs) throw table.wrong(row, 'time_ms', 'is earlier than the row before');
    beforeUs = timeUs;
    const term = table.integer(row, 'term');
    return {
      id,
      timeUs,
      system: row.system!,
      node: row.node!,
      event: row.event!,
      term,
      detail: row.detail!,
      cause,
    };
  });
}

const STATES: ReadonlySet<string> = new Set(['up', 'degraded', 'down'] satisfies OperationState[]);

function intervalsOf(table: RecordedTable, events: number, durationUs: number): AvailabilityInterval[] {
  return table.rows.map((row) => {
    const cause = table.integer(row, 'cause');
    const fromUs = table.time(row, 'from_ms');
    const toUs = table.time(row, 'to_ms');
    if (cause > events) throw table.wrong(row, 'cause', 'is no event of timeline.csv');
    if (toUs <= fromUs || toUs > durationUs) throw table.wrong(row, 'to_ms', 'is out of range');
    if (!STATES.has(row.state!)) throw table.wrong(row, 'state', 'is not up, degraded or down');
    return {
      system: row.system!,
      operation: row.operation!,
      vantage: row.vantage!,
      fromUs,
      toUs,
      state: row.state as OperationState,
      waits: false,
      cause,
    };
  });
}

function failoverOf(
  table: RecordedTable,
  row: RecordedTable['rows'][number],
  events: readonly TraceEvent[],
): Failover {
  const lostAtUs = table.time(row, 'lost_at_ms');
  const detectedUs = table.microseconds(row, 'detected_ms');
  const electedUs = table.microseconds(row, 'elected_ms');
  const recoveredUs = table.microseconds(row, 'recovered_ms');
  const system = row.system!;
  const at = (us: number | null, words: RegExp) =>
    us === null
      ? null
      : (events.find(
          (event) => event.system === system && event.timeUs === lostAtUs + us && words.test(event.event),
        )?.id ?? null);
  const newTerm = table.integer(row, 'new_term');
  return {
    system,
    group: row.group!,
    fault: table.integer(row, 'fault'),
    oldLeader: row.old_leader!,
    newLeader: row.new_leader === '' ? null : row.new_leader!,
    oldTerm: table.integer(row, 'old_term'),
    newTerm: newTerm === 0 ? null : newTerm,
    rounds: table.integer(row, 'rounds'),
    lostAtUs,
    detectedUs,
    electedUs,
    recoveredUs,
    lostEvent: at(0, /(-lost|^serving)$/) ?? NO_CAUSE,
    detectedEvent: at(detectedUs, /campaign$|^primary-removed$|^leader-suspected$/),
    electedEvent: at(electedUs, /^(leader|primary-elected)$/),
    recoveredEvent: at(recoveredUs, /^(serving|first-commit)$/),
  };
}
