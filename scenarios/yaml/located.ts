/**
 * A parsed text: its plain value, and beside it a tree of the same form that knows where each key and value stands.
 * Subtrees behind aliases are shared, so neither is ever changed in place.
 */
import type { Issue, Path } from '../issue.ts';
import { formatPath } from '../issue.ts';

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Located {
  readonly value: unknown;
  /** Of the value. */
  readonly at: Position;
  /** Of its key, where it stands in a map. */
  readonly keyAt: Position | undefined;
  readonly children: ReadonlyMap<string | number, Located> | undefined;
  /** How many values it holds with aliases expanded, itself included. */
  readonly size: number;
}

/** The node at a path, or undefined. */
export function locate(root: Located, path: Path): Located | undefined {
  let node: Located | undefined = root;
  for (const step of path) node = node?.children?.get(step);
  return node;
}

/** Where to point for a path: its value; when that is missing, the key of the nearest thing that exists. */
export function positionOf(root: Located, path: Path): Position {
  const exact = locate(root, path);
  if (exact !== undefined) return exact.at;
  for (let length = path.length - 1; length >= 0; length--) {
    const node = locate(root, path.slice(0, length));
    if (node !== undefined) return node.keyAt ?? node.at;
  }
  return root.at;
}

/** Where the key at a path stands (its value where it has none). */
export function keyPositionOf(root: Located, path: Path): Position {
  const node = locate(root, path);
  return node?.keyAt ?? positionOf(root, path);
}

/** An issue at a position. */
export function issueAt(position: Position, path: Path, message: string, suggestion?: string): Issue {
  return { ...position, path: formatPath(path), message, suggestion };
}
