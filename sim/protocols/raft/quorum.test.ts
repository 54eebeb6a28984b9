// Majority arithmetic: the tables of facts/conformance.md E5-E9, and a deliberately dumb second implementation.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  jointIndex,
  jointVote,
  majorityIndex,
  majorityVote,
  NO_LIMIT_INDEX,
  type VoteResult,
} from './quorum.ts';

/** Answers in the order of ids from 1 on: y = yes, n = no, _ = none yet. */
function vote(voters: readonly number[], answers: string): VoteResult {
  const given = voters.map((id) => answers[id - 1]);
  const count = (letter: string) => given.filter((answer) => answer === letter).length;
  return majorityVote(count('y'), count('n'), voters.length);
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('E5 majority vote', () => {
  test.each<[string, VoteResult]>([
    ['', 'won'],
    ['_', 'pending'],
    ['y', 'won'],
    ['n', 'lost'],
    ['n_', 'lost'],
    ['y_', 'pending'],
    ['yy', 'won'],
    ['yn', 'lost'],
    ['n__', 'pending'],
    ['nn_', 'lost'],
    ['yn_', 'pending'],
    ['yy_', 'won'],
    ['yyny___', 'pending'],
    ['yyny_ny', 'won'],
    ['yy_ynn_', 'pending'],
    ['yynynnn', 'lost'],
  ])('%j is %s', (answers, result) => {
    expect(vote(range(answers.length), answers)).toBe(result);
  });
});

describe('E6-E9 joint vote', () => {
  test.each<[string, number[], number[], string, VoteResult]>([
    ['E6', [1], [2], 'y_', 'pending'],
    ['E6', [1], [2], 'yy', 'won'],
    ['E6', [1], [2], 'yn', 'lost'],
    ['E7', [1, 2], [3, 4], 'yyy_', 'pending'],
    ['E7', [1, 2], [3, 4], 'yyyy', 'won'],
    ['E7', [1, 2], [3, 4], '___n', 'lost'],
    ['E7', [1, 2], [3, 4], 'n___', 'lost'],
    ['E8', [1, 2], [2, 3], '_n_', 'lost'],
    ['E8', [1, 2], [2, 3], 'yy_', 'pending'],
    ['E8', [1, 2], [2, 3], 'yyy', 'won'],
    ['E9', [1, 2, 3], [2, 3, 4], '_yy_', 'won'],
    ['E9', [1, 2, 3], [2, 3, 4], '_nn_', 'lost'],
    ['E9', [1, 2, 3], [2, 3, 4], 'yy__', 'pending'],
    ['E9', [1, 2, 3], [2, 3, 4], 'yynn', 'lost'],
    ['E9', [1, 2, 3], [2, 3, 4], 'yyny', 'won'],
    ['not joint', [1, 2, 3], [], 'yy_', 'won'],
  ])('%s %j & %j, answers %s: %s', (_, incoming, outgoing, answers, result) => {
    expect(jointVote(vote(incoming, answers), vote(outgoing, answers))).toBe(result);
  });
});

describe('committed index', () => {
  test.each<[number[], number]>([
    [[], NO_LIMIT_INDEX],
    [[12], 12],
    [[100, 0], 0],
    [[100, 101], 100],
    [[12, 5, 0], 5],
    [[100, 101, 103, 104], 101],
    [[5, 4, 3, 2, 1], 3],
  ])('of %j is %d', (indexes, committed) => {
    expect(majorityIndex([...indexes], indexes.length)).toBe(committed);
  });

  test('of a joint pair is what both have', () => {
    expect(jointIndex(7, 5)).toBe(5);
    expect(jointIndex(7, NO_LIMIT_INDEX)).toBe(7);
  });
});

describe('against a dumb implementation', () => {
  const answers = fc.array(fc.constantFrom('y', 'n', '_'), { maxLength: 9 });
  const indexes = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 9 });

  /** Tries all ways in which the missing answers may turn out. */
  function outcomes(given: readonly string[]): Set<boolean> {
    const missing = given.indexOf('_');
    if (missing < 0)
      return new Set([given.filter((a) => a === 'y').length * 2 > given.length || given.length === 0]);
    return new Set(['y', 'n'].flatMap((a) => [...outcomes(given.with(missing, a))]));
  }

  test('a vote is won or lost as soon as nothing can change it', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const possible = outcomes(given);
        const expected = possible.size === 2 ? 'pending' : possible.has(true) ? 'won' : 'lost';
        expect(vote(range(given.length), given.join(''))).toBe(expected);
      }),
    );
  });

  test('the committed index is the largest that more than half have reached', () => {
    fc.assert(
      fc.property(indexes, (reached) => {
        let expected = 0;
        for (let i = 0; i <= 20; i++) {
          if (reached.filter((index) => index >= i).length * 2 > reached.length) expected = i;
        }
        // The scratch array may be longer than the voter set.
        expect(majorityIndex([...reached, 99, 99], reached.length)).toBe(expected);
      }),
    );
  });

  test('two winning sets of one configuration always share a voter', () => {
    const half = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), half, half, (n, a, b) => {
        const wins = (set: boolean[]) => majorityVote(set.slice(0, n).filter(Boolean).length, 0, n) === 'won';
        const shared = range(n).some((id) => a[id - 1] && b[id - 1]);
        expect(wins(a) && wins(b) && !shared).toBe(false);
      }),
    );
  });
});
