/**
 * The shape of run.json and of the `--json` document as JSON Schema (draft-07). Kept apart from document.ts so that
 * writing a report does not load zod.
 */
import { z } from 'zod';
import { LINK_CLASSES, PLACE_LEVELS } from '../../sim/world/topology.ts';
import { type RunDocument, type RunManifest, SCHEMA_VERSION } from './document.ts';

const us = z.int().nonnegative();
const traceId = z.int().nonnegative();
const text = z.string();

const scenario = z
  .looseObject({
    title: text,
    description: text,
    world: z.looseObject({
      places: z.array(z.looseObject({ name: text, level: z.enum(PLACE_LEVELS), parent: text.nullable() })),
      nodes: z.array(
        z.looseObject({ name: text, place: text, roles: z.array(text), labels: z.record(text, text) }),
      ),
      linkClasses: z.looseObject(
        Object.fromEntries(LINK_CLASSES.map((each) => [each, z.looseObject({})])) as Record<
          (typeof LINK_CLASSES)[number],
          z.ZodObject
        >,
      ),
      linkRules: z.array(z.looseObject({ from: text, to: text })),
    }),
    systems: z.array(
      z.looseObject({
        name: text,
        family: text,
        kind: text,
        profile: text,
        members: z.array(text),
        learners: z.array(text),
      }),
    ),
    faults: z.array(z.looseObject({ name: text, origin: text, effect: z.looseObject({ kind: text }) })),
    objectives: z.array(z.looseObject({ text, system: text })),
    vantages: z.looseObject({ levels: z.array(text), nodes: z.array(text) }),
    run: z.looseObject({ durationUs: us, warmUpUs: us }),
  })
  .describe(
    'The scenario as the model took it: every default filled in, times in microseconds, sizes in bytes.',
  );

const shared = {
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal('zonefall'), version: text }),
  scenario,
  scenarioHash: text
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe('SHA-256 of the scenario as JSON with sorted keys and no white space.'),
  seed: z.union([z.string(), z.number()]),
  durationUs: us.describe('Measured model time, microseconds.'),
  verdict: z
    .enum(['pass', 'fail', 'inconclusive'])
    .describe('Of all objectives together; inconclusive too when a fault was idle. What the exit code says.'),
  idleFaults: z
    .array(text)
    .optional()
    .describe(
      'Faults of the scenario that had no effect or never began, in words; left out when there are none.',
    ),
  counts: z.strictObject({
    kernelEvents: z.int().nonnegative().describe('Events the kernel handled: what the run cost.'),
    traceEvents: z.int().nonnegative().describe('Rows of timeline.csv.'),
    faults: z.int().nonnegative(),
    faultsWithoutEffect: z.int().nonnegative(),
    failovers: z.int().nonnegative(),
    outages: z.int().nonnegative(),
  }),
  parking: z
    .strictObject({
      everyEvent: z.boolean().describe('Nothing was parked, because --every-event asked for it.'),
      groups: z.array(
        z.strictObject({
          system: text,
          group: text,
          times: z.int().nonnegative().describe('How often the group went to rest; 0: it did not park.'),
          parkedShare: z.number().describe('Share of the model time, warm-up included.'),
          awakeBecause: z
            .array(z.strictObject({ reason: text, share: z.number() }))
            .describe('What kept it awake, the longest first.'),
        }),
      ),
    })
    .optional()
    .describe('How steady groups were skipped: the cost of the run, and nothing that it says.'),
  objectives: z.array(
    z.strictObject({
      text: text.describe('As the scenario states it.'),
      system: text,
      verdict: z.enum(['pass', 'fail', 'inconclusive']),
      value: z
        .number()
        .nullable()
        .describe('In the unit of the limit; null when the run has no such figure.'),
      comparison: z.enum(['>=', '<=', '>', '<', '=']),
      limit: z.number(),
      unit: z.enum(['share', 'us', 'count']),
      note: text,
    }),
  ),
  faults: z.array(
    z.strictObject({
      number: z.int().positive().describe('The number in the picture and in the sentences.'),
      index: z.int().min(-1).describe("Index into the scenario's faults; -1 for what operators do."),
      entity: text
        .optional()
        .describe('Of a fault that befalls each of several: the node, place, link or common cause it was.'),
      kind: text,
      title: text,
      nodes: z.array(text),
      fromUs: us,
      toUs: us.nullable().describe('null: lasted to the end of the run.'),
      event: traceId,
      hadEffect: z.boolean(),
      note: text.describe('Why it had no effect.'),
    }),
  ),
  systems: z.array(
    z.strictObject({
      name: text,
      kind: text,
      profile: text,
      members: z.array(text),
      groups: z.array(text),
      impact: z.array(text),
      campaigns: z.int().nonnegative(),
      elections: z.int().nonnegative(),
      highestTerm: z.int().nonnegative(),
      splitVotes: z.int().nonnegative(),
      messages: z.array(
        z.strictObject({
          linkClass: text,
          messages: z.int().nonnegative(),
          lost: z.int().nonnegative(),
          bytes: z.number().nonnegative(),
        }),
      ),
    }),
  ),
  vantages: z.array(z.strictObject({ name: text, level: z.enum(['region', 'datacenter', 'zone', 'node']) })),
  summary: z.array(
    z.strictObject({
      system: text,
      operation: text,
      vantage: text,
      availability: z.number().min(0).max(1).describe('Share of the run in state up.'),
      degradedUs: us,
      downtimeUs: us,
      waitingUs: us.describe('Up, but requests waited before they succeeded.'),
      outages: z.int().nonnegative(),
      longestOutageUs: us,
    }),
  ),
};

export const runManifestSchema = z
  .strictObject({
    ...shared,
    wallClock: text
      .optional()
      .describe(
        'ISO 8601 interval: start and duration of the computation; the only field that differs between equal runs.',
      ),
  })
  .describe('run.json: what was asked, with what, and the short answer.');

export const runDocumentSchema = z
  .strictObject({
    ...shared,
    failovers: z.array(
      z.strictObject({
        system: text,
        group: text,
        fault: z.int().nonnegative().describe('Number of the fault that caused it; 0 = none.'),
        oldLeader: text,
        newLeader: text.nullable(),
        oldTerm: z.int().nonnegative(),
        newTerm: z.int().nonnegative().nullable(),
        rounds: z.int().nonnegative(),
        lostAtUs: us,
        detectedUs: us
          .nullable()
          .describe('From lostAtUs, as the two below; null = did not happen within the run.'),
        electedUs: us.nullable(),
        recoveredUs: us.nullable(),
        lostEvent: traceId,
        detectedEvent: traceId.nullable(),
        electedEvent: traceId.nullable(),
        recoveredEvent: traceId.nullable(),
      }),
    ),
    outages: z.array(
      z.strictObject({
        system: text,
        operation: text,
        vantage: text,
        fromUs: us,
        toUs: us,
        ended: z.boolean(),
        causes: z.array(traceId).describe('Nearest cause first.'),
      }),
    ),
    availability: z.array(
      z.strictObject({
        system: text,
        operation: text,
        vantage: text,
        fromUs: us,
        toUs: us,
        state: z.enum(['up', 'degraded', 'down']),
        waits: z.boolean(),
        cause: traceId,
      }),
    ),
  })
  .describe('What `zonefall run --json` prints.');

/** JSON Schema draft-07 of run.json. */
export function runManifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(runManifestSchema, { target: 'draft-7' }) as Record<string, unknown>;
}

/** JSON Schema draft-07 of the `--json` document. */
export function runDocumentJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(runDocumentSchema, { target: 'draft-7' }) as Record<string, unknown>;
}

/** The schemas and the types say the same; a field added to one alone does not compile. */
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
export const SHAPES_AGREE: [
  Same<Mutable<Omit<RunDocument, 'scenario'>>, Omit<z.infer<typeof runDocumentSchema>, 'scenario'>>,
  Same<
    Mutable<Omit<RunManifest, 'scenario' | 'wallClock'>>,
    Omit<z.infer<typeof runManifestSchema>, 'scenario' | 'wallClock'>
  >,
] = [true, true];
