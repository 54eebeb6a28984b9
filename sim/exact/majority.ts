/**
 * Availability of a quorum among independent members, exactly.
 * Source: facts/numbers.md 5: A(n, p) = sum over k <= (n - 1) / 2 of C(n, k) p^k (1 - p)^(n - k).
 */
import { pow } from '../kernel/portable-math.ts';
import { majoritySize } from '../protocols/raft/quorum.ts';

/** The fewest of `members` voters that decide, and how many may fail. */
export function quorumOf(members: number): number {
  return majoritySize(members);
}

export function toleratedFailures(members: number): number {
  return members - quorumOf(members);
}

/** A probability with its complement, each summed on its own: 1 - x would lose the digits that nines are about. */
export interface Odds {
  readonly up: number;
  readonly down: number;
}

/** At least `needed` of `members` work, each of which fails on its own with probability `pFail`. */
export function atLeast(needed: number, members: number, pFail: number): Odds {
  let up = 0;
  let down = 0;
  for (let failed = members; failed >= 0; failed--) {
    const share = binomial(members, failed) * pow(pFail, failed) * pow(1 - pFail, members - failed);
    if (members - failed >= needed) up += share;
    else down += share;
  }
  return { up, down };
}

/** A(n, p): a majority of `members` works. */
export function majorityOdds(members: number, pFail: number): Odds {
  return atLeast(quorumOf(members), members, pFail);
}

/** C(n, k) in float64: exact up to 2^53, and within rounding above. */
export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - Math.min(k, n - k) + i)) / i;
  return Number.isSafeInteger(Math.round(result)) ? Math.round(result) : result;
}
