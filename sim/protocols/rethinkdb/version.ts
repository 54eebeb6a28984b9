/**
 * Versions of a replica's data. Each primary begins a branch where its own data stood; a version is a position on a
 * branch, so that any two versions have a common ancestor (RethinkDB immediate_consistency/history.hpp).
 */
export interface Branch {
  readonly id: string;
  /** Where it left its parent; null for the root. */
  readonly origin: Version | null;
}

export interface Version {
  readonly branch: Branch;
  /** Counts the writes since the table was made; a branch goes on from its origin's position. */
  readonly position: number;
}

const ROOT: Branch = { id: 'root', origin: null };

/** An empty table's version. */
export const ZERO: Version = { branch: ROOT, position: 0 };

/** How far a replica's data agree with the table's history, the path from the root to the end of `branch`. */
export function commonPosition(version: Version, branch: Branch): number {
  for (let at: Version | null = version; at !== null; at = at.branch.origin) {
    // The end of a branch is open; of its ancestors the path follows only the part before the fork.
    let limit = Number.POSITIVE_INFINITY;
    for (let on: Branch | null = branch; on !== null; on = on.origin === null ? null : on.origin.branch) {
      if (on.id === at.branch.id) return Math.min(at.position, limit);
      limit = Math.min(limit, on.origin?.position ?? 0);
    }
  }
  return 0;
}

/** Does `version` contain everything that `earlier` contains? */
export function descendsFrom(version: Version, earlier: Version): boolean {
  return commonPosition(earlier, version.branch) === earlier.position && version.position >= earlier.position;
}
