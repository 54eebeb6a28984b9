/**
 * The finished runs of a sweep, in its output folder: lines that are only ever appended, so that a sweep which was killed at
 * any moment goes on where it was. Kept when the sweep ends, one line for each run in their order: the same command finds its
 * answer there, one with more runs goes on from there, and `zonefall merge` puts shards together from it.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { lock, unlock } from './folder-lock.ts';
import { checkedLine, readCheckedLines } from './journal-lines.ts';
import type { RunOutcome } from './outcome.ts';
import { type PackedOutcome, packed, unpacked } from './packed-outcome.ts';
import type { Shard } from './shard.ts';
import type { OutcomeStore } from './store.ts';
import type { Study } from './study.ts';
import { studyHash } from './study-hash.ts';

export const JOURNAL_FILE = 'journal.jsonl';
const LOCK_FILE = 'journal.lock';
const FORMAT = 1;
/** The last line of a sweep that came to its end; those that are appended later make it one that has not. */
const FINISHED = { finished: true } as const;
/** What a power failure may cost; a killed process loses nothing. */
const SYNC_EVERY_MS = 1_000;
/** Lines are written in pieces of this length. */
const WRITE_CHARACTERS = 1 << 20;

/** What the runs of a folder are of. */
export interface JournalTitle {
  /** Of zonefall. */
  readonly version: string;
  readonly study: Study;
  /** Of a sweep that is one share of a larger one: which, and of how many runs of each variant. */
  readonly shard: (Shard & { readonly runs: number }) | null;
  /** What the reports say beyond the study; plain JSON. Two sweeps that differ in it only are the same. */
  readonly about: unknown;
}

interface Header extends JournalTitle {
  readonly journal: typeof FORMAT;
  readonly hash: string;
}

/** The journal cannot be used, or not be written. One line, fit to print. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

export interface OpenOptions {
  /** Whatever the folder's journal holds is thrown away. */
  readonly fresh?: boolean;
  /** So is that of another sweep, if it came to its end. */
  readonly replaceFinished?: boolean;
}

/** Makes the folder if need be. Throws a JournalError: another sweep's journal, one in use, a folder that cannot be written. */
export function openJournal(
  folder: string,
  title: JournalTitle,
  { fresh = false, replaceFinished = false }: OpenOptions = {},
): Promise<Journal> {
  return orJournalError(folder, async () => {
    const made = mkdirSync(folder, { recursive: true });
    const lockFile = join(folder, LOCK_FILE);
    const holder = lock(lockFile);
    if (holder !== undefined)
      throw new JournalError(`another sweep (process ${holder.pid}) is writing to ${folder}`);
    try {
      const file = join(folder, JOURNAL_FILE);
      if (fresh) rmSync(file, { force: true });
      let found = existsSync(file) ? read(file) : undefined;
      const difference = found === undefined ? undefined : differenceOf(found.header, title);
      if (found?.finished === true && difference !== undefined && replaceFinished) found = undefined;
      if (found !== undefined) {
        if (difference !== undefined)
          throw new JournalError(
            `${folder} holds ${difference}: choose another folder with --out, or start over there with --fresh`,
          );
        truncateSync(file, found.bytes);
      } else rmSync(file, { force: true });
      const handle = await open(file, 'a');
      if (found === undefined) await handle.appendFile(checkedLine(headerOf(title)));
      return new Journal(folder, title, handle, found?.outcomes, made);
    } catch (error) {
      unlock(lockFile);
      removeEmpty(folder, made);
      throw error;
    }
  });
}

/** A folder's journal as it is, to be read only. Throws a JournalError. */
export function readJournal(folder: string): Promise<{
  readonly title: JournalTitle;
  readonly hash: string;
  readonly outcomes: readonly RunOutcome[];
}> {
  return orJournalError(folder, async () => {
    const file = join(folder, JOURNAL_FILE);
    const found = existsSync(file) ? read(file) : undefined;
    if (!existsSync(folder)) throw new JournalError(`there is no folder ${folder}`);
    if (found === undefined)
      throw new JournalError(`there is no sweep in ${folder}: it has no ${JOURNAL_FILE}`);
    return { title: found.header, hash: found.header.hash, outcomes: found.outcomes };
  });
}

export class Journal implements OutcomeStore {
  readonly #folder: string;
  readonly #title: JournalTitle;
  readonly #has: Set<number>[];
  #handle: FileHandle;
  readonly #loaded: readonly RunOutcome[];
  readonly #made: string | undefined;
  /** Nothing was in it when it was opened, and nothing has come since. */
  #unused: boolean;
  #syncedMs = performance.now();

  /** `outcomes` are undefined of a new journal; `made` is the first folder that was made for it. */
  constructor(
    folder: string,
    title: JournalTitle,
    handle: FileHandle,
    outcomes: readonly RunOutcome[] | undefined,
    made: string | undefined,
  ) {
    this.#folder = folder;
    this.#title = title;
    this.#handle = handle;
    this.#loaded = outcomes ?? [];
    this.#made = made;
    this.#unused = outcomes === undefined;
    this.#has = title.study.variants.map(() => new Set());
    for (const { variant, run } of this.#loaded) this.#has[variant]!.add(run);
  }

  /** Runs that it held when it was opened. */
  get found(): number {
    return this.#loaded.length;
  }

  /** Runs that it holds now. */
  get size(): number {
    return this.#has.reduce((sum, each) => sum + each.size, 0);
  }

  has(variant: number, run: number): boolean {
    return this.#has[variant]?.has(run) === true;
  }

  async load(): Promise<readonly RunOutcome[]> {
    return this.#loaded;
  }

  async append(outcomes: readonly RunOutcome[]): Promise<void> {
    await orJournalError(this.#folder, async () => {
      this.#unused = false;
      await this.#handle.appendFile(outcomes.map((each) => checkedLine(packed(each))).join(''));
      for (const { variant, run } of outcomes) this.#has[variant]!.add(run);
      if (performance.now() - this.#syncedMs < SYNC_EVERY_MS) return;
      await this.#handle.datasync();
      this.#syncedMs = performance.now();
    });
  }

  /**
   * The sweep is over, and these are its runs, by variant in the order of the run: the journal becomes what it is for every
   * such sweep, however it got there.
   */
  async finish(outcomes: readonly (readonly RunOutcome[])[]): Promise<void> {
    this.#unused = false;
    await orJournalError(this.#folder, async () => {
      const file = join(this.#folder, JOURNAL_FILE);
      const draft = `${file}.tmp`;
      const fd = openSync(draft, 'w');
      try {
        let text = checkedLine(headerOf(this.#title));
        for (const outcome of outcomes.flat()) {
          text += checkedLine(packed(outcome));
          if (text.length < WRITE_CHARACTERS) continue;
          writeFileSync(fd, text);
          text = '';
        }
        writeFileSync(fd, text + checkedLine(FINISHED));
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(draft, file);
      await this.#handle.close();
      this.#handle = await open(file, 'a');
    });
  }

  /** A journal in which nothing was ever written leaves no trace. */
  async close(): Promise<void> {
    await orJournalError(this.#folder, async () => {
      try {
        await this.#handle.datasync();
      } finally {
        await this.#handle.close();
        if (this.#unused) rmSync(join(this.#folder, JOURNAL_FILE), { force: true });
        unlock(join(this.#folder, LOCK_FILE));
        if (this.#unused) removeEmpty(this.#folder, this.#made);
      }
    });
  }
}

/** The folder and those above it, down from the first that was made, as far as nothing is in them. */
function removeEmpty(folder: string, made: string | undefined): void {
  if (made === undefined) return;
  try {
    for (let at = resolve(folder); at.startsWith(resolve(made)); at = dirname(at)) rmdirSync(at);
  } catch {
    // Somebody has put something there meanwhile.
  }
}

function headerOf({ version, study, shard, about }: JournalTitle): Header {
  return { journal: FORMAT, version, hash: studyHash(study), shard, about, study };
}

/** undefined: not even its first line was finished. Throws a JournalError when it is something else. */
function read(file: string) {
  const { values, bytes } = readCheckedLines(file);
  if (bytes === 0) return undefined;
  const [header, ...lines] = values as [Header | undefined, ...(PackedOutcome | typeof FINISHED)[]];
  if (header?.journal !== FORMAT)
    throw new JournalError(`${file} is damaged, or not a journal of this version of zonefall`);
  const seen = header.study.variants.map(() => new Set<number>());
  const outcomes: RunOutcome[] = [];
  for (const line of lines) {
    if ('finished' in line || seen[line.variant]!.has(line.run)) continue;
    seen[line.variant]!.add(line.run);
    outcomes.push(unpacked(line));
  }
  const last = lines.at(-1);
  return { header, outcomes, bytes, finished: last !== undefined && 'finished' in last };
}

function differenceOf(header: Header, title: JournalTitle): string | undefined {
  if (header.version !== title.version)
    return `runs made by zonefall ${header.version}, and this is ${title.version}`;
  if (header.hash !== studyHash(title.study))
    return 'runs of another study (the scenario, what is varied or the seed differs)';
  if (JSON.stringify(header.shard) !== JSON.stringify(title.shard))
    return `${shardWords(header.shard)}, and this is ${shardWords(title.shard)}`;
  return undefined;
}

function shardWords(shard: JournalTitle['shard']): string {
  return shard === null ? 'a whole sweep' : `shard ${shard.index}/${shard.of} of ${shard.runs} runs`;
}

async function orJournalError<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof JournalError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new JournalError(`cannot keep the runs in ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
