/** `--set path=value`: overrides of a parsed file, before it is checked. */
import { formatPath, type Issue, type Path, ScenarioError, show } from '../issue.ts';
import { listOf, nearest } from '../nearest.ts';
import { scenarioFile } from '../schema/file.ts';
import { holds, keysOf, schemaAt } from '../schema/walk.ts';
import { issueAt, type Located } from './located.ts';
import { parseYamlValue } from './parse.ts';

/** The tree with each override in its place; throws a ScenarioError for paths that lead nowhere. */
export function applySettings(root: Located, settings: readonly string[]): Located {
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

function applySetting(root: Located, setting: string): Located {
  const file = `--set ${setting}`;
  const fail = (path: Path, message: string, suggestion?: string): never => {
    throw new ScenarioError([issueAt({ file, line: 0, column: 0 }, path, message, suggestion)]);
  };
  const equals = setting.indexOf('=');
  if (equals <= 0) return fail([], 'write --set path=value, like --set nodes.manager.count=5');
  const path = parsePath(setting.slice(0, equals));
  if (path === undefined)
    return fail(
      [],
      `"${setting.slice(0, equals)}" is not a path: write it like nodes.manager.count or timeline[0].for`,
    );
  const value = parseYamlValue(setting.slice(equals + 1), file);
  return replace(root, path, 0, value, fail);
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

function replace(
  node: Located,
  path: readonly (string | number)[],
  depth: number,
  value: Located,
  fail: Fail,
): Located {
  if (depth === path.length) return { ...value, keyAt: value.at };
  const here = path.slice(0, depth);
  const schema = schemaAt(scenarioFile, here);
  const last = depth === path.length - 1;
  let key = path[depth]!;
  if (Array.isArray(node.value)) {
    if (typeof key === 'string' && /^\d+$/.test(key)) key = Number(key);
    const length = node.value.length;
    if (typeof key !== 'number')
      return fail(
        path.slice(0, depth + 1),
        `${formatPath(here)} is a list: say which entry, like ${formatPath([...here, 0])}`,
      );
    if (key > length || (key === length && !last))
      return fail(path.slice(0, depth + 1), `${formatPath(here)} has ${length} entries, numbered from 0`);
  } else if (node.children === undefined && node.value !== null && depth > 0) {
    return fail(
      path.slice(0, depth + 1),
      `${formatPath(here)} is ${typeof node.value === 'string' ? 'the text ' : ''}${show(node.value)}, not a map or a list`,
    );
  } else if (schema !== undefined) {
    const keys = keysOf(schema);
    if (keys !== undefined && typeof key === 'string' && !keys.includes(key) && !holds(schema, 'record')) {
      return fail(
        path.slice(0, depth + 1),
        `unknown key "${key}"${nearest(key, keys) === undefined ? `: known are ${listOf(keys, 40)}` : ''}`,
        nearest(key, keys),
      );
    }
    if (keys === undefined && holds(schema, 'record') && !last && node.children?.has(key) !== true) {
      const known = [...(node.children?.keys() ?? [])].map(String);
      return fail(
        path.slice(0, depth + 1),
        `${formatPath(here)} has no "${key}": it has ${listOf(known)}`,
        nearest(String(key), known),
      );
    }
    if (typeof key === 'number' && !(node.children === undefined && key === 0 && holds(schema, 'array'))) {
      if (node.children !== undefined)
        return fail(path.slice(0, depth + 1), `${formatPath(here)} is a map, not a list`);
      return fail(
        path.slice(0, depth + 1),
        `${formatPath(here)} has no entries yet: the first is ${formatPath([...here, 0])}`,
      );
    }
  }
  return withChild(
    node,
    key,
    replace(node.children?.get(key) ?? missing(value), path, depth + 1, value, fail),
  );
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
