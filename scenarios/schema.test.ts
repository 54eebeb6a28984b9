import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { list, listTemplates } from './library.ts';
import { jsonSchema } from './schema.ts';

interface Json {
  [key: string]: unknown;
  properties?: Record<string, Json>;
  additionalProperties?: Json | boolean;
  items?: Json;
  anyOf?: Json[];
}

/** Every named field of the schema, with its path. */
function fields(schema: Json, path: string): [string, Json][] {
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, Json][] => [
      [`${path}.${name}`, field],
      ...fields(field, `${path}.${name}`),
    ]),
    ...(typeof schema.additionalProperties === 'object'
      ? fields(schema.additionalProperties, `${path}.*`)
      : []),
    ...(schema.items === undefined ? [] : fields(schema.items, `${path}[]`)),
    ...(schema.anyOf ?? []).flatMap((one) => fields(one, path)),
  ];
}

const schema = jsonSchema() as Json;
const all = fields(schema, '');

describe('the JSON Schema is the manual', () => {
  test('it is draft-07, and no map takes unknown keys', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.additionalProperties).toBe(false);
    for (const [path, field] of all) {
      if (field.properties !== undefined) expect(field.additionalProperties, path).toBe(false);
    }
  });

  test('every field has a description and an example', () => {
    expect(all.length).toBeGreaterThan(150);
    for (const [path, field] of all) {
      expect(field.description, path).toMatch(/\.$|:$/);
      expect(field.examples, path).toBeInstanceOf(Array);
    }
  });

  test('quantities name their unit', () => {
    for (const name of [
      'duration',
      'at',
      'rtt',
      'memory',
      'bandwidth',
      'loss',
      'drift',
      'count',
      'cpu',
      'fsync',
      'election',
    ]) {
      const found = all.filter(
        ([path, field]) => path.endsWith(`.${name}`) && field.properties === undefined,
      );
      expect(found.length, name).toBeGreaterThan(0);
      for (const [path, field] of found) expect(field.unit, path).toEqual(expect.any(String));
    }
  });

  test('optional fields with a default say it', () => {
    const byPath = new Map(all);
    for (const [path, value] of [
      ['.run.duration', '10m'],
      ['.run.warm-up', '2m'],
      ['.topology.*.zones', ['a']],
      ['.nodes.*.spread', 'zone'],
      ['.nodes.*.fsync', 'lognormal(p50 2ms, p99 10ms)'],
      ['.network.between-zones.rtt', 'lognormal(p50 1.7ms, p99 4ms)'],
      ['.systems.*.profile', 'deck-2017'],
      ['.vantages', ['region', 'datacenter', 'zone']],
      ['.timeline[].delay.shape', 'square'],
    ] as const) {
      expect(byPath.get(path)?.default, path).toEqual(value);
    }
  });

  /** After a change of the schema: `REWRITE=1 npx vitest run scenarios/schema.test.ts`, and read the difference. */
  test('the committed copy is up to date', () => {
    const path = fileURLToPath(new URL('./schema/v1.json', import.meta.url));
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.REWRITE === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8') === text, 'scenarios/schema/v1.json is stale: run with REWRITE=1').toBe(
      true,
    );
  });

  test('every shipped file names the schema for editors', () => {
    for (const { path, folder } of [...list(), ...listTemplates()]) {
      const relative = folder === '' ? '../schema/v1.json' : '../../schema/v1.json';
      expect(readFileSync(path, 'utf8').split('\n', 1)[0], path).toBe(
        `# yaml-language-server: $schema=${relative}`,
      );
    }
  });
});
