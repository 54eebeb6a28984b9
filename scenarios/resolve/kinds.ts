/** What sets the kinds of systems apart where a scenario names them. */
import type { SystemKind } from '../../sim/systems/system-spec.ts';
import { MAX_MEMBERS, MAX_NODES } from '../limits.ts';

/** A list of selectors makes one store for each of them; in the other kinds it makes one system of all. */
const ONE_STORE_EACH: ReadonlySet<SystemKind> = new Set<SystemKind>(['rethink']);

/** Nobody leads and nobody votes: every node may be a member. */
const LEADERLESS: ReadonlySet<SystemKind> = new Set<SystemKind>(['gossip']);

export function isStoreEach(kind: SystemKind): boolean {
  return ONE_STORE_EACH.has(kind);
}

export function hasLeader(kind: SystemKind): boolean {
  return !LEADERLESS.has(kind);
}

/** The most members that a system of the kind may have. */
export function maxMembers(kind: SystemKind): number {
  return hasLeader(kind) ? MAX_MEMBERS : MAX_NODES;
}
