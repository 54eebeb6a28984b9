/** Random damage to a scenario file, for the properties in load.property.test.ts. */
import fc from 'fast-check';
import { parse, stringify } from 'yaml';

/** Values that people, tools and attackers put where something else belongs. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2.5,
  1e300,
  -1e300,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '0',
  '-5s',
  '5',
  '5s',
  '1e999s',
  'all',
  'any',
  'any 99 managers',
  'leader of',
  'leader of etcd',
  'leader of nothing',
  'managers except managers',
  '(((',
  'lognormal(',
  'lognormal(p50 1ms, p99 0ms)',
  'empirical(x.csv)',
  'us-west/a',
  'us-west',
  'constructor',
  'toString',
  'hasOwnProperty',
  '__proto__',
  'nan',
  '\u0000',
  '\uD800',
  '💥',
  'x'.repeat(300),
  'a, '.repeat(50),
  '99.9%',
  '200%',
  [],
  {},
  [[]],
  [{}],
  [null],
  { a: 1 },
  ['a', 'a'],
  { constructor: 1 },
  { toString: {} },
  'etcd write availability >= 1',
  'etcd failover p99 <= 1s',
];

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  ',',
  '-',
  '- ',
  '#',
  '&a ',
  '*a',
  '<<: *a',
  '!!str ',
  '|',
  '>',
  '"',
  "'",
  '\t',
  '\n',
  '---\n',
  '...',
  '%YAML 1.1\n',
  '? ',
  '\r',
  '\u2028',
  '\uFEFF',
  '~',
  '1e999',
  '.nan',
  '  ',
];

type Json = unknown;

/** Paths to every value of a tree, the root left out. */
function paths(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [here, ...paths(child, here)];
  });
}

function parentOf(root: Json, path: readonly (string | number)[]): Record<string | number, Json> {
  return path.slice(0, -1).reduce((at, key) => (at as Record<string | number, Json>)[key], root) as Record<
    string | number,
    Json
  >;
}

/** One to three values replaced, removed, renamed or doubled; still well-formed YAML. */
export function damagedTree(text: string): fc.Arbitrary<string> {
  const step = fc.record({
    where: fc.nat(),
    how: fc.constantFrom('replace', 'remove', 'rename', 'copy'),
    value: fc.constantFrom(...ODD_VALUES),
    other: fc.nat(),
  });
  const whole = parse(text) as Json;
  return fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => {
    const root = structuredClone(whole);
    for (const { where, how, value, other } of steps) {
      const all = paths(root);
      if (all.length === 0) break;
      const path = all[where % all.length]!;
      const parent = parentOf(root, path);
      const key = path.at(-1)!;
      if (how === 'replace') parent[key] = structuredClone(value);
      else if (how === 'remove') {
        if (Array.isArray(parent)) parent.splice(Number(key), 1);
        else delete parent[key];
      } else if (how === 'rename' && !Array.isArray(parent)) {
        Object.defineProperty(parent, `${key}`.slice(1) || 'x', {
          value: parent[key],
          enumerable: true,
          configurable: true,
          writable: true,
        });
        delete parent[key];
      } else if (how === 'copy') {
        const from = all[other % all.length]!;
        parent[key] = structuredClone(parentOf(root, from)[from.at(-1)!]);
      }
    }
    return stringify(root);
  });
}

/** Characters cut out, put in, or moved: mostly no YAML any more. */
export function damagedText(text: string): fc.Arbitrary<string> {
  const step = fc.record({
    at: fc.nat(),
    length: fc.nat(12),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 5, unit: 'binary' })),
  });
  return fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) =>
    steps.reduce((damaged, { at, length, piece }) => {
      const i = at % (damaged.length + 1);
      return damaged.slice(0, i) + piece + damaged.slice(i + length);
    }, text),
  );
}
