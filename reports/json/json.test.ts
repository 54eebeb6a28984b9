import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectGolden } from '../testing/golden.ts';
import { calmRun, crowdedRun, hostileRun, quorumLossRun, threeZonesRun, yearRun } from '../testing.ts';
import { canonicalJson, hashOf, jsonText, overallVerdict, runDocument, runManifest } from './index.ts';
import {
  runDocumentJsonSchema,
  runDocumentSchema,
  runManifestJsonSchema,
  runManifestSchema,
} from './schema.ts';

const RUNS = { threeZonesRun, quorumLossRun, calmRun, crowdedRun, yearRun, hostileRun };
const CLOCK = { startedAt: new Date('2026-01-02T03:04:05.006Z'), elapsedMs: 412.3456 };

describe('run.json', () => {
  it('is as it was judged', () =>
    expectGolden('three-zones/run.json', jsonText(runManifest(threeZonesRun(), '0.1.0', CLOCK))));

  it('differs between two equal runs in the one line of the wall clock', () => {
    const one = jsonText(runManifest(threeZonesRun(), '0.1.0', CLOCK)).split('\n');
    const two = jsonText(
      runManifest(threeZonesRun(), '0.1.0', { startedAt: new Date('2027-01-01T00:00:00Z'), elapsedMs: 9 }),
    ).split('\n');
    expect(one.filter((line, i) => line !== two[i])).toEqual([
      '  "wallClock": "2026-01-02T03:04:05.006Z/PT0.412S"',
    ]);
  });

  it('holds the whole scenario and its hash', () => {
    const run = threeZonesRun();
    const manifest = JSON.parse(jsonText(runManifest(run, '0.1.0', null)));
    expect(manifest.scenario).toEqual(JSON.parse(JSON.stringify(run.scenario)));
    expect(manifest.scenarioHash).toBe(hashOf(manifest.scenario));
    expect(manifest).not.toHaveProperty('wallClock');
  });

  it('says which faults did nothing', () => {
    const manifest = runManifest(quorumLossRun(), '0.1.0', null);
    expect(manifest.counts).toMatchObject({ faults: 2, faultsWithoutEffect: 1 });
    expect(manifest.faults[1]).toMatchObject({
      hadEffect: false,
      note: 'manager-1 was already down (fault 1)',
    });
  });

  it('rounds shares to twelve decimals', () => {
    const { summary } = runManifest(yearRun(), '0.1.0', null);
    for (const { availability } of summary) expect(availability).toBe(Number(availability.toFixed(12)));
  });
});

describe('the verdict', () => {
  it('is fail if one fails, else inconclusive if one is, else pass', () => {
    const [pass, , fail, inconclusive] = threeZonesRun().objectives;
    const of = (...objectives: (typeof pass)[]) =>
      overallVerdict({ ...quorumLossRun(), objectives: objectives.map((each) => each!) });
    expect(of(pass, inconclusive, fail)).toBe('fail');
    expect(of(pass, inconclusive)).toBe('inconclusive');
    expect(of(pass)).toBe('pass');
    expect(of()).toBe('pass');
  });

  it('is inconclusive when a fault had no effect or never began, and names it', () => {
    const run = quorumLossRun();
    const [pass] = threeZonesRun().objectives;
    const calm = { ...run, objectives: [pass!] };
    expect(runManifest(calm, '0.1.0', null)).not.toHaveProperty('idleFaults');
    const vain = { ...calm, faults: calm.faults.map((each) => ({ ...each, hadEffect: false, note: 'why' })) };
    expect(runManifest(vain, '0.1.0', null)).toMatchObject({
      verdict: 'inconclusive',
      idleFaults: [expect.stringMatching(/^fault 1 \(.*\) had no effect: why$/)],
    });
    const late = { ...calm, faults: [] };
    expect(runManifest(late, '0.1.0', null)).toMatchObject({
      verdict: 'inconclusive',
      idleFaults: [expect.stringMatching(/^the fault .* never began within the run$/)],
    });
  });
});

describe('the JSON Schema (draft-07)', () => {
  it.each(Object.entries(RUNS))('accepts what %s gives', (_, make) => {
    // Read back from the published schema, so that the published schema is what is tested.
    const document = z.fromJSONSchema(runDocumentJsonSchema() as never);
    const manifest = z.fromJSONSchema(runManifestJsonSchema() as never);
    const run = make();
    document.parse(JSON.parse(jsonText(runDocument(run, '0.1.0'))));
    manifest.parse(JSON.parse(jsonText(runManifest(run, '0.1.0', CLOCK))));
    runDocumentSchema.parse(runDocument(run, '0.1.0'));
    runManifestSchema.parse(runManifest(run, '0.1.0', CLOCK));
  });

  it('refuses what is not a document', () => {
    const document = z.fromJSONSchema(runDocumentJsonSchema() as never);
    const good = JSON.parse(jsonText(runDocument(threeZonesRun(), '0.1.0')));
    expect(document.safeParse({ ...good, surprise: 1 }).success).toBe(false);
    expect(document.safeParse({ ...good, schemaVersion: 2 }).success).toBe(false);
    expect(
      document.safeParse({ ...good, failovers: [{ ...good.failovers[0], rounds: 'two' }] }).success,
    ).toBe(false);
    const { outages: _, ...without } = good;
    expect(document.safeParse(without).success).toBe(false);
  });

  it('names its draft', () => {
    expect(runDocumentJsonSchema().$schema).toBe('http://json-schema.org/draft-07/schema#');
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 'x', c: null }] })).toBe('{"a":[{"c":null,"d":"x"}],"b":1}');
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  });

  it('is hashed as UTF-8', () => {
    // printf '"\xc3\xa9"' | sha256sum
    expect(hashOf('é')).toBe('sha256:f2886017e9c7abacf804b54d64787dce2b611c9544ba21f3affdd126a6e50086');
  });

  it('refuses numbers that JSON cannot hold', () => {
    expect(() => canonicalJson({ a: Number.POSITIVE_INFINITY })).toThrow(RangeError);
  });
});
