/** The shape of study.json and of the document of `sweep --json` as JSON Schema (draft-07). Apart, so that zod is loaded only here. */
import { z } from 'zod';
import { STUDY_SCHEMA_VERSION, type StudyDocument, type StudyManifest } from './document.ts';

const text = z.string();
const count = z.int().nonnegative();
const verdict = z.enum(['pass', 'fail', 'inconclusive']);
const seed = z.union([z.string(), z.number()]);
const figure = z.number().nullable();

const interval = {
  estimate: figure.describe('null: there is none, or it lasted past the end of its run.'),
  lower: figure.describe('null: the runs give no bound.'),
  upper: figure,
  n: count.describe('Runs, outages or failovers it rests on.'),
  method: z.enum([
    'student-t',
    'rare-events',
    'rare-difference',
    'rule-of-three',
    'clopper-pearson',
    'wilson',
    'order-statistics',
    'ratio',
    'exact',
    'none',
  ]),
};

const objective = z.strictObject({
  text,
  verdict,
  statistic: z
    .enum(['mean', 'quantile', 'runs-quantile', 'share-of-runs'])
    .describe('What of the runs is held against the limit.'),
  requiredShare: figure.describe(
    'Of runs-quantile and share-of-runs: how many of the runs must keep the limit.',
  ),
  system: text,
  vantage: text,
  interval: z.strictObject(interval).nullable().describe('null: no run has such a figure.'),
  exactBeyond: figure.describe(
    'An exact answer that is worse than the interval of the runs, which was stretched to it.',
  ),
  decidedByExact: figure.describe(
    'The exact answer by which it is judged, because the runs are too few; null where they are not.',
  ),
  comparison: z.enum(['>=', '<=', '>', '<', '=']),
  limit: z.number(),
  unit: z.enum(['share', 'us', 'count']),
});

const notableRun = z.strictObject({ run: count, seed, command: text.describe('Makes this run alone.') });

const manifest = {
  schemaVersion: z.literal(STUDY_SCHEMA_VERSION),
  kind: z.literal('sweep'),
  tool: z.strictObject({ name: z.literal('zonefall'), version: text }),
  title: text,
  request: z
    .strictObject({
      scenario: text,
      set: z.array(text),
      vary: z.array(text),
      runs: count.describe('Of each variant, at most.'),
      precision: figure,
    })
    .describe('As on the command line, with what the study section adds.'),
  seed,
  confidence: z.number(),
  stopped: z.enum(['runs', 'precision', 'imprecise', 'budget', 'interrupted']),
  verdict: verdict.describe('Of all variants.'),
  variants: z.array(
    z.strictObject({
      name: text,
      settings: z.record(z.string(), text),
      scenarioHash: text.regex(/^sha256:[0-9a-f]{64}$/),
      durationUs: count,
      runs: count,
      verdict,
      objectives: z.array(objective),
      idleFaults: z.array(text).describe('Planned faults that had no effect in any run.'),
      notable: z.strictObject({ worst: notableRun, median: notableRun, best: notableRun }).nullable(),
    }),
  ),
};

export const studyManifestSchema = z.strictObject(manifest).describe('study.json: the manifest of a sweep.');

export const studyDocumentSchema = z
  .strictObject({
    ...manifest,
    cells: z.array(
      z.strictObject({
        variant: text,
        system: text,
        operation: text,
        vantage: text,
        metric: text,
        exact: figure.describe('By analysis of failures alone.'),
        ...interval,
        agrees: z.boolean().nullable(),
      }),
    ),
  })
  .describe('What `zonefall sweep --json` prints.');

/** JSON Schema draft-07 of the `--json` document. */
export function studyDocumentJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(studyDocumentSchema, { target: 'draft-7' }) as Record<string, unknown>;
}

/** JSON Schema draft-07 of study.json. */
export function studyManifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(studyManifestSchema, { target: 'draft-7' }) as Record<string, unknown>;
}

/** The schemas and the types say the same; a field added to one alone does not compile. */
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
export const STUDY_SHAPES_AGREE: [
  Same<Mutable<StudyDocument>, z.infer<typeof studyDocumentSchema>>,
  Same<Mutable<StudyManifest>, z.infer<typeof studyManifestSchema>>,
] = [true, true];
