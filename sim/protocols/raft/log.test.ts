import { describe, expect, test } from 'vitest';
import { RaftLog, UNKNOWN_TERM } from './log.ts';
import { membershipOf } from './membership.ts';
import { entriesOf } from './testing/group.ts';

/** A log whose entries from `first` on have these terms. */
function logOf(terms: readonly number[], first = 1, termBefore = 0): RaftLog {
  const snapshot = { index: first - 1, term: termBefore, membership: membershipOf([1]) };
  return new RaftLog(snapshot, first - 1, termBefore, entriesOf(first, terms));
}

const termsOf = (log: RaftLog) => log.entries.map((entry) => entry.term);

describe('terms', () => {
  test('are known from the last compacted entry to the last', () => {
    const log = logOf([5, 5, 6], 11, 4);
    expect([9, 10, 11, 13, 14].map((index) => log.termAt(index))).toEqual([
      UNKNOWN_TERM,
      4,
      5,
      6,
      UNKNOWN_TERM,
    ]);
  });

  test.each<[number, number, boolean]>([
    [1, 9, false],
    [2, 1, false],
    [2, 2, true],
    [2, 3, true],
    [3, 1, true],
  ])('A19 a log ending (term %d, index %d) against own (2, 2): up to date %s', (term, index, expected) => {
    expect(logOf([2, 2]).isUpToDate(term, index)).toBe(expected);
  });
});

describe('append at a follower', () => {
  // Own log: terms 1 2 3; commit 1.
  test.each<[string, number, number, number, number[], number, number[], number]>([
    ['term of the previous entry differs', 3, 2, 3, [4], -1, [1, 2, 3], 1],
    ['previous entry is missing', 4, 3, 3, [4], -1, [1, 2, 3], 1],
    ['empty', 3, 3, 1, [], 3, [1, 2, 3], 1],
    ['empty, with commit', 3, 3, 3, [], 3, [1, 2, 3], 3],
    ['commit does not pass the last new entry', 2, 2, 3, [], 2, [1, 2, 3], 2],
    ['commit beyond what came', 3, 3, 9, [4], 4, [1, 2, 3, 4], 4],
    ['what is there already changes nothing', 1, 1, 1, [2], 2, [1, 2, 3], 1],
    ['a conflict drops the rest', 1, 1, 1, [4], 2, [1, 4], 1],
    ['a conflict further on', 1, 1, 1, [2, 4, 4], 4, [1, 2, 4, 4], 1],
  ])('%s', (_, prev, prevTerm, commit, terms, last, after, committed) => {
    const log = logOf([1, 2, 3]);
    log.commitTo(1);
    expect(log.maybeAppend(prev, prevTerm, commit, entriesOf(prev + 1, terms))).toBe(last);
    expect(termsOf(log)).toEqual(after);
    expect(log.committed).toBe(committed);
  });

  test('never replaces a committed entry', () => {
    const log = logOf([1, 2, 3]);
    log.commitTo(2);
    expect(() => log.maybeAppend(1, 1, 1, entriesOf(2, [9]))).toThrow(
      /entry 2 would replace a committed one/,
    );
  });

  test('what was replaced is not stable any more', () => {
    const log = logOf([1, 2, 3]);
    expect([log.stable, log.handedOut]).toEqual([3, 3]);
    log.maybeAppend(1, 1, 0, entriesOf(2, [4]));
    expect([log.stable, log.handedOut, log.lastIndex, log.lastTerm]).toEqual([1, 1, 2, 4]);
  });
});

describe('where logs may match', () => {
  // etcd-io/raft log_test.go TestFindConflictByTerm: first index of the log, its terms, then (index, term) -> index.
  test.each<[number, number[], number, number, number]>([
    [0, [0, 2, 2, 5, 5, 5], 100, 2, 100],
    [0, [0, 2, 2, 5, 5, 5], 5, 6, 5],
    [0, [0, 2, 2, 5, 5, 5], 5, 5, 5],
    [0, [0, 2, 2, 5, 5, 5], 5, 4, 2],
    [0, [0, 2, 2, 5, 5, 5], 5, 2, 2],
    [0, [0, 2, 2, 5, 5, 5], 5, 1, 0],
    [0, [0, 2, 2, 5, 5, 5], 1, 2, 1],
    [0, [0, 2, 2, 5, 5, 5], 1, 1, 0],
    [0, [0, 2, 2, 5, 5, 5], 0, 0, 0],
    [10, [3, 3, 3, 4, 4, 4], 30, 3, 30],
    [10, [3, 3, 3, 4, 4, 4], 14, 9, 14],
    [10, [3, 3, 3, 4, 4, 4], 14, 4, 14],
    [10, [3, 3, 3, 4, 4, 4], 14, 3, 12],
    [10, [3, 3, 3, 4, 4, 4], 14, 2, 9],
    [10, [3, 3, 3, 4, 4, 4], 11, 5, 11],
    [10, [3, 3, 3, 4, 4, 4], 10, 5, 10],
    [10, [3, 3, 3, 4, 4, 4], 10, 3, 10],
    [10, [3, 3, 3, 4, 4, 4], 10, 2, 9],
    [10, [3, 3, 3, 4, 4, 4], 9, 2, 9],
    [10, [3, 3, 3, 4, 4, 4], 4, 2, 4],
    [10, [3, 3, 3, 4, 4, 4], 0, 0, 0],
  ])('compacted %d, terms %j: at most (%d, term %d) gives %d', (compacted, terms, index, term, expected) => {
    expect(logOf(terms.slice(1), compacted + 1, terms[0]).findConflictByTerm(index, term)).toBe(expected);
  });
});

describe('compaction', () => {
  test('keeps the term of the last dropped entry', () => {
    const log = logOf([1, 2, 3, 3]);
    log.commitTo(3);
    log.applied = 3;
    log.compactTo(3);
    expect([log.firstIndex, log.lastIndex, log.termAt(3), log.termAt(2)]).toEqual([4, 4, 3, UNKNOWN_TERM]);
    expect(() => log.compactTo(4)).toThrow(/applied only to 3/);
  });
});
