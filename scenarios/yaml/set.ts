/** `--set path=value`: overrides of a parsed file, before it is checked. */
import { formatPath, type Issue, type Path, ScenarioError, show } from '../issue.ts';
import { listOf, nearest } from '../nearest.ts';
import { scenarioFile } from '../schema/file.ts';
import { holds, keysOf, schemaAt } from '../schema/walk.ts';
import { issueAt, type Located, type Position } from './located.ts';
import { parseYamlValue } from './parse.ts';

/** An override that is taken apart already: of an axis of a study. */
export interface Setting {
  readonly path: string;
  readonly value: Located;
  /** Where mistakes in the path are reported. */
  readonly at: Position;
}

/** The tree with each override in its place; throws a ScenarioError for paths that lead nowhere. */
export function applySettings(root: Located, settings: readonly (string | Setting)[]): Located {
  const issues: Issue[] = [];
  let changed = root;
  for (const setting of settings) {
    try {
      changed = applySetting(changed, setting);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      issues.push(...error.issues);
    }
  }
  if (issues.length > 0) throw new ScenarioError(issues);
  return changed;
}

function applySetting(root: Located, setting: string | Setting): Located {
  const { path: text, value, at } = typeof setting === 'string' ? split(setting) : setting;
  const fail = (path: Path, message: string, suggestion?: string): never => {
    throw new ScenarioError([issueAt(at, path, message, suggestion)]);
  };
  const path = parsePath(text);
  if (path === undefined)
    return fail([], `"${text}" is not a path: write it like nodes.manager.count or timeline[0].for`);
  return replace(root, path, 0, value, fail);
}

function split(setting: string): Setting {
  const at = { file: `--set ${setting}`, line: 0, column: 0 };
  const equals = setting.indexOf('=');
  if (equals <= 0) {
    const message = 'write --set path=value, like --set nodes.manager.count=5';
    throw new ScenarioError([issueAt(at, [], message)]);
  }
  return { path: setting.slice(0, equals), value: parseYamlValue(setting.slice(equals + 1), at.file), at };
}

/** `a.b[0].c`, `a.b.0.c`, `a."b.c".d`; undefined when it has not this form. */
export function parsePath(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = [];
  const part = /\.?(?:"([^"]+)"|\[(\d{1,9})\]|([^.[\]"=]+))/y;
  let end = 0;
  while (end < text.length) {
    part.lastIndex = end;
    const match = part.exec(text);
    if (match === null) return undefined;
    if (
      (match[0].startsWith('.') && end === 0) ||
      (!match[0].startsWith('.') && match[2] === undefined && end > 0)
    )
      return undefined;
    path.push(match[2] === undefined ? (match[1] ?? match[3])! : Number(match[2]));
    end = part.lastIndex;
  }
  return path.length === 0 ? undefined : path;
}

type Fail = (path: Path, message: string, suggestion?: string) => never;

/** The tree with `value` at the path from `depth` on. */
function replace(
  node: Located,
  path: readonly (string | number)[],
  depth: number,
  value: Located,
  fail: Fail,
): Located {
  if (depth === path.length) return { ...value, keyAt: value.at };
  const here = path.slice(0, depth);
  const last = depth === path.length - 1;
  const failHere: FailHere = (message, suggestion) => fail(path.slice(0, depth + 1), message, suggestion);
  const key = Array.isArray(node.value)
    ? listKey(node.value.length, path[depth]!, here, last, failHere)
    : mapKey(node, path[depth]!, here, last, failHere);
  const child = node.children?.get(key) ?? missing(value);
  return withChild(node, key, replace(child, path, depth + 1, value, fail));
}

type FailHere = (message: string, suggestion?: string) => never;

/** An entry that there is, or the one behind the last. */
function listKey(length: number, step: string | number, here: Path, last: boolean, fail: FailHere): number {
  const index = typeof step === 'string' && /^\d+$/.test(step) ? Number(step) : step;
  if (typeof index !== 'number') {
    return fail(`${formatPath(here)} is a list: say which entry, like ${formatPath([...here, 0])}`);
  }
  if (index > length || (index === length && !last)) {
    return fail(`${formatPath(here)} has ${length} ${length === 1 ? 'entry' : 'entries'}, numbered from 0`);
  }
  return index;
}

/** A key that the schema knows, or one of the scenario's own names; the first entry of a list that is not there yet. */
function mapKey(
  node: Located,
  step: string | number,
  here: Path,
  last: boolean,
  fail: FailHere,
): string | number {
  if (node.children === undefined && node.value !== null) {
    const text = typeof node.value === 'string' ? 'the text ' : '';
    return fail(`${formatPath(here)} is ${text}${show(node.value)}, not a map or a list`);
  }
  const schema = schemaAt(scenarioFile, here);
  if (schema === undefined) return step;
  const keys = keysOf(schema);
  const named = holds(schema, 'record');
  if (keys !== undefined && typeof step === 'string' && !keys.includes(step) && !named) {
    const near = nearest(step, keys);
    return fail(`unknown key "${step}"${near === undefined ? `: known are ${listOf(keys, 40)}` : ''}`, near);
  }
  if (keys === undefined && named && !last && node.children?.has(step) !== true) {
    const known = [...(node.children?.keys() ?? [])].map(String);
    return fail(
      `${formatPath(here)} has no "${step}": it has ${listOf(known)}`,
      nearest(String(step), known),
    );
  }
  if (typeof step === 'number') {
    if (node.children !== undefined || !holds(schema, 'array'))
      return fail(`${formatPath(here)} is a map, not a list`);
    if (step > 0)
      return fail(`${formatPath(here)} has no entries yet: the first is ${formatPath([...here, 0])}`);
  }
  return step;
}

function missing(value: Located): Located {
  return { value: null, at: value.at, keyAt: value.at, children: undefined, size: 1 };
}

function withChild(node: Located, key: string | number, child: Located): Located {
  const children = new Map(node.children ?? []);
  children.set(key, child);
  const asList = typeof key === 'number';
  const value = asList
    ? Array.from({ length: children.size }, (_, i) => children.get(i)!.value)
    : Object.fromEntries([...children].map(([name, one]) => [name, one.value]));
  return { ...node, children, value, size: node.size + child.size };
}
