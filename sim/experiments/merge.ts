/** Puts the journals of all shards of a sweep together. */
import { JournalError, type JournalTitle, readJournal } from './journal.ts';
import type { RunOutcome } from './outcome.ts';
import { rangeOf } from './shard.ts';

export interface MergedShards {
  /** Of the whole sweep. */
  readonly title: JournalTitle;
  /** Runs of each variant. */
  readonly runs: number;
  /** By variant, in the order of the run. */
  readonly outcomes: readonly (readonly RunOutcome[])[];
}

interface Part {
  readonly folder: string;
  readonly title: JournalTitle;
  readonly hash: string;
  readonly shard: NonNullable<JournalTitle['shard']>;
  readonly outcomes: readonly RunOutcome[];
}

/** Throws a JournalError: a folder without a shard, shards of different sweeps, missing or given twice, or not finished. */
export async function mergeShards(folders: readonly string[], version: string): Promise<MergedShards> {
  const parts: Part[] = [];
  for (const folder of folders) parts.push(await partOf(folder, version));
  const [first] = parts as [Part, ...Part[]];
  for (const part of parts) refuseStranger(first, part);
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const twin = byIndex.get(part.shard.index);
    if (twin !== undefined)
      throw new JournalError(`${twin.folder} and ${part.folder} are both shard ${nameOf(part)}`);
    byIndex.set(part.shard.index, part);
  }
  const { of, runs } = first.shard;
  refuseMissing(byIndex, of);
  const outcomes: RunOutcome[][] = first.title.study.variants.map(() => []);
  for (const part of parts) {
    for (const outcome of part.outcomes) outcomes[outcome.variant]![outcome.run] = outcome;
    refuseHoles(part, outcomes);
  }
  return { title: { ...byIndex.get(0)!.title, shard: null }, runs, outcomes };
}

async function partOf(folder: string, version: string): Promise<Part> {
  const { title, hash, outcomes } = await readJournal(folder);
  if (title.shard === null)
    throw new JournalError(`${folder} holds a whole sweep, not a shard: there is nothing to merge`);
  if (title.version !== version)
    throw new JournalError(
      `${folder} holds runs made by zonefall ${title.version}, and this is ${version}: merge with the same version`,
    );
  return { folder, title, hash, shard: title.shard, outcomes };
}

function refuseStranger(first: Part, part: Part): void {
  const both = `${first.folder} and ${part.folder} are shards of different sweeps`;
  if (part.hash !== first.hash)
    throw new JournalError(`${both}: the scenario, what is varied or the seed differs`);
  if (part.shard.of !== first.shard.of)
    throw new JournalError(`${both}: one of ${first.shard.of} shards, one of ${part.shard.of}`);
  if (part.shard.runs !== first.shard.runs)
    throw new JournalError(`${both}: one of ${first.shard.runs} runs, one of ${part.shard.runs}`);
}

/** More than this are not worth naming. */
const NAMED_MAX = 10;

function refuseMissing(byIndex: ReadonlyMap<number, Part>, of: number): void {
  const missing = Array.from({ length: of }, (_, index) => index).filter((index) => !byIndex.has(index));
  if (missing.length === 0) return;
  const names = missing.slice(0, NAMED_MAX).map((index) => `${index}/${of}`);
  const more = missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : '';
  const [noun, verb] = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
  throw new JournalError(`${noun} ${names.join(', ')}${more} ${verb} missing`);
}

function refuseHoles(part: Part, outcomes: readonly (readonly RunOutcome[])[]): void {
  const { from, to } = rangeOf(part.shard, part.shard.runs);
  let done = 0;
  for (const each of outcomes) {
    for (let run = from; run < to; run++) if (each[run] !== undefined) done++;
  }
  const all = (to - from) * outcomes.length;
  if (done < all)
    throw new JournalError(
      `shard ${nameOf(part)} in ${part.folder} is not finished: ${done} of ${all} runs are done; its command goes on from there`,
    );
}

function nameOf({ shard }: Part): string {
  return `${shard.index}/${shard.of}`;
}
