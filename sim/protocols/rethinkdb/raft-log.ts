/** A Raft log as RethinkDB keeps it: one snapshot and the entries after it. Logs are values: a change makes a new one. */
import type { RaftConfig } from './raft-config.ts';

export type Entry<C> =
  | { readonly term: number; readonly kind: 'noop' }
  | { readonly term: number; readonly kind: 'change'; readonly change: C }
  | { readonly term: number; readonly kind: 'config'; readonly config: RaftConfig };

/** The state machine's state, and the configuration, after entry `index`. */
export interface Applied<S> {
  readonly index: number;
  readonly state: S;
  readonly config: RaftConfig;
}

export interface Log<S, C> {
  readonly snapshot: Applied<S> & { readonly term: number };
  readonly entries: readonly Entry<C>[];
}

export function lastIndex(log: Log<unknown, unknown>): number {
  return log.snapshot.index + log.entries.length;
}

/** The term of an entry, or of the snapshot's last one. */
export function termAt(log: Log<unknown, unknown>, index: number): number {
  if (index === log.snapshot.index) return log.snapshot.term;
  const entry = log.entries[index - log.snapshot.index - 1];
  if (entry === undefined) throw new Error(`the log has no entry ${index}`);
  return entry.term;
}

export function entryAt<C>(log: Log<unknown, C>, index: number): Entry<C> {
  const entry = log.entries[index - log.snapshot.index - 1];
  if (entry === undefined) throw new Error(`the log has no entry ${index}`);
  return entry;
}

/** Entries from `index` to the end. */
export function entriesFrom<C>(log: Log<unknown, C>, index: number): readonly Entry<C>[] {
  return log.entries.slice(index - log.snapshot.index - 1);
}

/** The log up to but not including `index`, and these entries after it. */
export function withTail<S, C>(log: Log<S, C>, index: number, tail: readonly Entry<C>[]): Log<S, C> {
  return {
    snapshot: log.snapshot,
    entries: log.entries.slice(0, index - log.snapshot.index - 1).concat(tail),
  };
}

export function snapshotOf<S>({ index, state, config }: Applied<S>, term: number): Log<S, never>['snapshot'] {
  return { index, state, config, term };
}

/** The log with everything up to `applied.index` in the snapshot. */
export function compacted<S, C>(log: Log<S, C>, applied: Applied<S>): Log<S, C> {
  return {
    snapshot: snapshotOf(applied, termAt(log, applied.index)),
    entries: entriesFrom(log, applied.index + 1),
  };
}

/** Is a log that ends with this entry at least as up to date as `log`? (Raft paper, section 5.4.1.) */
export function isUpToDate(log: Log<unknown, unknown>, index: number, term: number): boolean {
  const own = lastIndex(log);
  const ownTerm = termAt(log, own);
  return term > ownTerm || (term === ownTerm && index >= own);
}

/** The index of the first of the entries after `prevIndex` that the log lacks or has otherwise; one past them if none. */
export function firstDifference(
  log: Log<unknown, unknown>,
  prevIndex: number,
  entries: readonly { readonly term: number }[],
): number {
  let index = Math.max(prevIndex, log.snapshot.index) + 1;
  const end = Math.min(prevIndex + entries.length, lastIndex(log));
  while (index <= end && termAt(log, index) === entries[index - prevIndex - 1]!.term) index++;
  return index;
}
