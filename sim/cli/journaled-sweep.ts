/** A sweep that can be killed: what its folder's journal holds is not made again, and every new run is put there. */
import type { StudyRequest } from '../../reports/study/index.ts';
import { type Journal, openJournal } from '../experiments/journal.ts';
import {
  type RunRange,
  rangeOf,
  renumbered,
  type Shard,
  shiftedEngine,
  shiftedStore,
} from '../experiments/shard.ts';
import type { SweepResult } from '../experiments/sweep.ts';
import type { Io } from './io.ts';
import { keptSoFar, runsFound } from './messages.ts';
import { type SweepRequest, sweepWithProgress } from './sweep-with-progress.ts';
import { VERSION } from './version.ts';

export interface JournaledRequest extends SweepRequest {
  readonly about: StudyRequest;
  readonly folder: string;
  /** Makes only its share of the runs. */
  readonly shard: Shard | undefined;
  readonly fresh: boolean;
  /** The folder is one that nobody named: what came to its end there may go, as with `run`. */
  readonly ownFolder: boolean;
}

export interface JournaledResult {
  readonly result: SweepResult;
  /** Runs that the folder held before. */
  readonly found: number;
}

/** Of a shard the outcomes are its own, numbered from 0. Throws a JournalError, and what sweepWithProgress throws. */
export async function journaledSweep(
  request: JournaledRequest,
  io: Io,
  quiet: boolean,
): Promise<JournaledResult> {
  const { about, folder, shard, fresh, ownFolder, study, stopping } = request;
  const title = {
    version: VERSION,
    study,
    shard: shard === undefined ? null : { ...shard, runs: stopping.runs },
    about,
  };
  const journal = await openJournal(folder, title, { fresh, replaceFinished: ownFolder });
  try {
    const { found } = journal;
    if (found > 0 && !quiet) io.stderr.write(runsFound(found, folder));
    const range = shard === undefined ? undefined : rangeOf(shard, stopping.runs);
    const result = await sweepWithProgress(sharded(request, journal, range), io, quiet);
    // A budget or Ctrl-C cut it off: there is more to come.
    if (result.stopped !== 'interrupted' && result.stopped !== 'budget')
      await journal.finish(result.outcomes.map((each) => renumbered(each, range?.from ?? 0)));
    return { result, found };
  } catch (error) {
    if (error instanceof Error && error.name === 'RedisUnavailableError' && journal.size > 0)
      error.message += keptSoFar(folder);
    throw error;
  } finally {
    await journal.close();
  }
}

function sharded(request: SweepRequest, journal: Journal, range: RunRange | undefined): SweepRequest {
  if (range === undefined) return { ...request, resume: journal };
  return {
    ...request,
    stopping: { ...request.stopping, runs: range.to - range.from },
    makeEngine: async (study) => shiftedEngine(range, await request.makeEngine(study)),
    resume: shiftedStore(range, journal),
  };
}
