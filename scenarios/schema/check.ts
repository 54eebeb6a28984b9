/** Checks a plain value against the schema and words what is wrong, one message for each mistake. */
import type * as z from 'zod';
import { type Path, show } from '../issue.ts';
import { MAX_ISSUES } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import { keysOf, schemaAt } from './walk.ts';

export interface SchemaIssue {
  readonly path: Path;
  /** Whether the key or the value is wrong. */
  readonly points: 'key' | 'value';
  readonly message: string;
  readonly suggestion: string | undefined;
  /** The key is unknown, so that it may be left out to look further. */
  readonly unknownKey: boolean;
}

type RawIssue = z.core.$ZodIssue;

/** The checked value with defaults, or what is wrong with it. */
export function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { value: z.output<S> } | { issues: SchemaIssue[] } {
  const result = schema.safeParse(value, { reportInput: false });
  if (result.success) return { value: result.data };
  return {
    issues: withoutEchoes(
      result.error.issues.slice(0, MAX_ISSUES).flatMap((issue) => describe(issue, [], schema, value)),
    ),
  };
}

/** A mistyped key is one mistake: that the right key is missing, or the map incomplete without it, goes without saying. */
function withoutEchoes(issues: readonly SchemaIssue[]): SchemaIssue[] {
  const echoed = new Set<string>();
  for (const { unknownKey, path, suggestion } of issues) {
    if (!unknownKey || suggestion === undefined) continue;
    const parent = path.slice(0, -1);
    echoed.add(JSON.stringify(parent)).add(JSON.stringify([...parent, suggestion]));
  }
  return issues.filter(({ unknownKey, path }) => unknownKey || !echoed.has(JSON.stringify(path)));
}

function describe(issue: RawIssue, base: Path, schema: z.ZodType, root: unknown): SchemaIssue[] {
  const path = [...base, ...(issue.path as Path)];
  const one = (message: string, suggestion?: string, points: 'key' | 'value' = 'value'): SchemaIssue[] => [
    { path, points, message, suggestion, unknownKey: false },
  ];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MAX_ISSUES).map((key) => unknownKey(path, key, schema, root));
    case 'invalid_union':
      return describeUnion(issue, path, schema, root);
    case 'invalid_key':
      return issue.issues
        .flatMap((inner) => describe({ ...inner, path: [] } as RawIssue, path, schema, root))
        .map((inner) => ({ ...inner, points: 'key' as const }));
    case 'invalid_type':
      return describeType(issue.expected, issue.message, path, schema, root);
    case 'invalid_value': {
      const values = issue.values.map(String);
      const given = valueAt(root, path);
      if (given === undefined) return describeType('value', issue.message, path, schema, root);
      if (!issue.message.startsWith('Invalid')) return one(issue.message);
      return one(
        `expected ${listOf(values, 30).replace(/ and (?=[^ ]+$)/, ' or ')}, not ${show(given)}`,
        typeof given === 'string' ? nearest(given, values) : undefined,
      );
    }
    case 'too_small':
      if (issue.origin === 'array') return one('the list is empty: at least one entry is needed');
      if (issue.origin === 'string') return one('the text is empty');
      return one(issue.message);
    case 'too_big':
      if (issue.origin === 'array') return one(`the list has more than ${issue.maximum} entries`);
      return one(issue.message);
    case 'custom':
      return one(issue.message, issue.params?.suggestion as string | undefined);
    default:
      return one(issue.message);
  }
}

function unknownKey(path: Path, key: string, schema: z.ZodType, root: unknown): SchemaIssue {
  const at = schemaAt(schema, path);
  const known = (at === undefined ? undefined : keysOf(at)) ?? [];
  const parent = valueAt(root, path) as Record<string, unknown> | undefined;
  const stated = new Set(Object.keys(parent ?? {}));
  const near =
    nearest(
      key,
      known.filter((name) => !stated.has(name)),
    ) ?? nearest(key, known);
  const list = near === undefined && known.length > 0 ? `; known here are ${listOf(known, 40)}` : '';
  const comma =
    parent?.[key] === null && near === undefined
      ? ' (a comma inside { } ends a value: quote text that has one)'
      : '';
  return {
    path: [...path, key],
    points: 'key',
    message: `unknown key "${key}"${list}${comma}`,
    suggestion: near,
    unknownKey: true,
  };
}

/** Of a union the form that was meant decides: the one whose own form (text, list, map) the value has. */
function describeUnion(
  issue: Extract<RawIssue, { code: 'invalid_union' }>,
  path: Path,
  schema: z.ZodType,
  root: unknown,
): SchemaIssue[] {
  const meant = issue.errors.filter(
    (errors) => !errors.some((error) => error.path.length === 0 && error.code === 'invalid_type'),
  );
  if (meant.length === 1) return meant[0]!.flatMap((error) => describe(error, path, schema, root));
  if (valueAt(root, path) === undefined) return describeType('value', issue.message, path, schema, root);
  return [{ path, points: 'value', message: issue.message, suggestion: undefined, unknownKey: false }];
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
]);

function describeType(
  expected: string,
  message: string,
  path: Path,
  schema: z.ZodType,
  root: unknown,
): SchemaIssue[] {
  const value = valueAt(root, path);
  const issue = (text: string, points: 'key' | 'value' = 'value'): SchemaIssue[] => [
    { path, points, message: text, suggestion: undefined, unknownKey: false },
  ];
  const at = schemaAt(schema, path);
  if (value === undefined) {
    const about = describedBy(at);
    return issue(`missing: ${about ?? 'it has no default'}`);
  }
  if (!message.startsWith('Invalid')) return issue(message);
  const example = firstExample(at);
  return issue(`expected ${TYPE_WORDS.get(expected) ?? expected}${example}, not ${describeValue(value)}`);
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') return `the text ${show(value)}`;
  return show(value);
}

function metaOf(
  schema: z.core.$ZodType | undefined,
): { description?: string; examples?: unknown[] } | undefined {
  return (schema as z.ZodType | undefined)?.meta?.() as
    | { description?: string; examples?: unknown[] }
    | undefined;
}

/** The first sentence of the field's description. */
function describedBy(schema: z.core.$ZodType | undefined): string | undefined {
  const description = metaOf(schema)?.description;
  return description === undefined ? undefined : description.split(/(?<=[.:])\s/, 1)[0]!.replace(/[.:]$/, '');
}

function firstExample(schema: z.core.$ZodType | undefined): string {
  const example = metaOf(schema)?.examples?.[0];
  return example === undefined || typeof example === 'object' ? '' : ` like ${String(example)}`;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
