/** Nodes of a parsed YAML document -> plain values with positions. Aliases are followed, and their size is counted. */
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Issue, Path } from '../issue.ts';
import { MAX_DEPTH, MAX_ISSUES, MAX_VALUES } from '../limits.ts';
import { nearest } from '../nearest.ts';
import { issueAt, type Located, type Position } from './located.ts';

/** Issues are collected, so that one file tells of all its mistakes. */
export class Reader {
  readonly issues: Issue[] = [];
  readonly warnings: Issue[] = [];
  readonly #text: string;
  readonly #at: (offset: number) => Position;
  readonly #anchors = new Map<string, Located>();
  readonly #open = new Set<string>();
  #tooMany = false;

  constructor(text: string, at: (offset: number) => Position) {
    this.#text = text;
    this.#at = at;
  }

  node(node: Node, path: Path, depth: number, keyAt: Position | undefined): Located {
    const at = this.#at(node.range?.[0] ?? 0);
    const nothing: Located = { value: null, at, keyAt, children: undefined, size: 1 };
    if (depth > MAX_DEPTH) {
      this.#report(at, path, `lists and maps are nested more than ${MAX_DEPTH} deep`);
      return nothing;
    }
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) {
        if (this.#open.has(node.source))
          this.#report(
            at,
            path,
            `the alias *${node.source} stands inside its own anchor: a value cannot hold itself`,
          );
        else {
          this.#report(
            at,
            path,
            `unknown alias *${node.source}: no anchor &${node.source} stands above`,
            nearest(node.source, this.#anchors.keys()),
          );
        }
        return nothing;
      }
      this.#count(target.size, at, path);
      return { ...target, keyAt };
    }
    const anchor =
      (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined ? node.anchor : undefined;
    if (anchor !== undefined) this.#open.add(anchor);
    const located = this.#plain(node, path, depth, keyAt, at, nothing);
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, located);
    }
    this.#count(located.size, at, path);
    return located;
  }

  #plain(
    node: Node,
    path: Path,
    depth: number,
    keyAt: Position | undefined,
    at: Position,
    nothing: Located,
  ): Located {
    const tag = (node as { tag?: string }).tag;
    if (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:')) {
      this.#report(at, path, `tags are not used in scenarios: remove ${tag}`);
      return nothing;
    }
    if (isScalar(node)) return { ...nothing, value: this.#scalar(node.value, at, path) };
    if (isSeq(node)) {
      const children = new Map<string | number, Located>();
      const value: unknown[] = [];
      let size = 1;
      for (const item of node.items) {
        const index = value.length;
        const child = isPair(item)
          ? this.#map([item], [...path, index], depth + 1, undefined, at, false)
          : isNode(item)
            ? this.node(item, [...path, index], depth + 1, undefined)
            : nothing;
        children.set(index, child);
        value.push(child.value);
        size += child.size;
      }
      return { value, at, keyAt, children, size };
    }
    if (isMap(node)) return this.#map(node.items, path, depth, keyAt, at, node.flow === true);
    return nothing;
  }

  #map(
    items: readonly Pair[],
    path: Path,
    depth: number,
    keyAt: Position | undefined,
    at: Position,
    flow: boolean,
  ): Located {
    const children = new Map<string | number, Located>();
    const merged = new Map<string | number, Located>();
    for (let i = 0; i < items.length; i++) {
      const pair = items[i]!;
      const key = pair.key;
      const childKeyAt = this.#at(isNode(key) ? (key.range?.[0] ?? 0) : 0);
      const name = this.#key(key, childKeyAt, path);
      if (name === undefined) continue;
      if (name === '<<') {
        this.#merge(pair.value, path, depth, childKeyAt, merged);
        continue;
      }
      if (children.has(name)) {
        this.#report(childKeyAt, [...path, name], `"${name}" is stated twice in this map`);
        continue;
      }
      const joined = flow ? this.#joinParentheses(items, i) : undefined;
      if (joined !== undefined) {
        const valueAt = this.#at((pair.value as Node).range![0]);
        this.warnings.push(
          issueAt(
            valueAt,
            [...path, name],
            `inside { } other YAML tools end a value at its comma: quote it, "${joined.text}"`,
          ),
        );
        children.set(name, {
          value: joined.text,
          at: valueAt,
          keyAt: childKeyAt,
          children: undefined,
          size: 1,
        });
        i = joined.last;
        continue;
      }
      const child = isNode(pair.value)
        ? this.node(pair.value, [...path, name], depth + 1, childKeyAt)
        : { value: null, at: childKeyAt, keyAt: childKeyAt, children: undefined, size: 1 };
      children.set(name, child);
    }
    for (const [name, child] of merged) if (!children.has(name)) children.set(name, child);
    const value: Record<string, unknown> = {};
    let size = 1;
    for (const [name, child] of children) {
      value[name] = child.value;
      size += child.size;
    }
    return { value, at, keyAt, children, size };
  }

  /**
   * `{ rtt: lognormal(p50 20ms, p99 80ms) }`: YAML ends the value at the comma and reads a second key without a value.
   * What was meant is plain, so it is put together again, with a warning.
   */
  #joinParentheses(items: readonly Pair[], from: number): { text: string; last: number } | undefined {
    const first = items[from]!.value;
    if (!isScalar(first) || first.type !== 'PLAIN' || typeof first.value !== 'string') return undefined;
    if (openParentheses(first.value) <= 0) return undefined;
    for (let last = from + 1; last < items.length; last++) {
      const { key, value } = items[last]!;
      if (
        !isScalar(key) ||
        key.range == null ||
        (value !== null && !(isScalar(value) && value.value === null))
      )
        return undefined;
      const text = this.#text.slice(first.range![0], key.range[1]);
      if (openParentheses(text) === 0) return { text: text.replace(/\s+/g, ' '), last };
    }
    return undefined;
  }

  #key(key: unknown, at: Position, path: Path): string | undefined {
    if (isScalar(key)) {
      const { value } = key;
      const name =
        typeof value === 'string'
          ? value
          : typeof value === 'number' || typeof value === 'boolean'
            ? (key.source ?? String(value))
            : undefined;
      if (name === '__proto__') {
        this.#report(at, path, '"__proto__" cannot be a key');
        return undefined;
      }
      if (name !== undefined) return name;
    }
    if (isAlias(key)) {
      const target = this.#anchors.get(key.source)?.value;
      if (typeof target === 'string' && target !== '__proto__') return target;
    }
    this.#report(at, path, 'a key must be a word');
    return undefined;
  }

  #merge(
    value: unknown,
    path: Path,
    depth: number,
    at: Position,
    merged: Map<string | number, Located>,
  ): void {
    const source = isNode(value) ? this.node(value, path, depth + 1, undefined) : undefined;
    const maps = Array.isArray(source?.value)
      ? [...source.children!.values()]
      : source === undefined
        ? []
        : [source];
    if (maps.length === 0 || maps.some((map) => map.children === undefined || Array.isArray(map.value))) {
      this.#report(at, path, 'the merge key << takes an alias of a map, or a list of such aliases');
      return;
    }
    // Of several, the earlier wins.
    for (const map of maps)
      for (const [name, child] of map.children!) if (!merged.has(name)) merged.set(name, child);
  }

  #scalar(value: unknown, at: Position, path: Path): unknown {
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#report(
        at,
        path,
        'not a number that can be used: infinity and "not a number" have no place in a scenario',
      );
      return 0;
    }
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    )
      return value;
    this.#report(at, path, 'expected text, a number, true or false');
    return null;
  }

  #count(size: number, at: Position, path: Path): void {
    if (size <= MAX_VALUES || this.#tooMany) return;
    this.#tooMany = true;
    this.#report(
      at,
      path,
      `more than ${MAX_VALUES} values once the aliases are expanded: a scenario has fewer`,
    );
  }

  #report(at: Position, path: Path, message: string, suggestion?: string): void {
    if (this.issues.length < MAX_ISSUES) this.issues.push(issueAt(at, path, message, suggestion));
  }
}

function openParentheses(text: string): number {
  let open = 0;
  for (const c of text) {
    if (c === '(') open++;
    else if (c === ')') open--;
  }
  return open;
}
