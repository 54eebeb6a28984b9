/** The shape of what `zonefall explain --json` prints, as JSON Schema (draft-07). Apart, so that explaining does not load zod. */
import { z } from 'zod';
import { SYSTEM_KINDS } from '../../systems/profiles.ts';
import type { SystemKind } from '../../systems/system-spec.ts';
import { LINK_CLASSES, PLACE_LEVELS } from '../../world/topology.ts';
import { EXPLANATION_VERSION, type Explanation } from './explanation.ts';

const us = z.number().nonnegative().describe('Microseconds of model time.');
const range = z.strictObject({ fromUs: us, toUs: us });
const texts = z.array(z.string());
const share = z.number().min(0).max(1);
const odds = z.strictObject({ up: share, down: share });
const state = z.enum(['up', 'degraded', 'down']);
const level = z.enum(PLACE_LEVELS);
const count = z.int().nonnegative();

const distribution = z.union([
  z.strictObject({ kind: z.literal('constant'), value: z.number() }),
  z.strictObject({ kind: z.literal('uniform'), low: z.number(), high: z.number() }),
  z.strictObject({ kind: z.literal('normal'), mean: z.number(), sd: z.number() }),
  z.strictObject({ kind: z.literal('lognormal'), mu: z.number(), sigma: z.number() }),
  z.strictObject({ kind: z.literal('exponential'), mean: z.number() }),
  z.strictObject({ kind: z.literal('weibull'), shape: z.number(), scale: z.number() }),
  z.strictObject({ kind: z.literal('empirical'), samples: z.array(z.number()) }),
]);

const survival = z
  .strictObject({
    system: z.string(),
    voters: count,
    quorum: count,
    together: count.describe('Voters in the largest set that one of them reaches, itself included.'),
    leader: z
      .enum(['stays', 'may change', 'changes', 'none'])
      .describe('may change: where the leader is among what is lost; none: no member can lead any more.'),
    operations: z.array(
      z.strictObject({
        operation: z.string(),
        byZone: z.array(
          z.strictObject({
            zone: z.string(),
            states: z.array(state).describe('More than one where it depends on which member leads.'),
          }),
        ),
        states: z.array(state).describe('Over all zones whose users can still ask.'),
      }),
    ),
  })
  .describe('What a system still does once every time-out has run. Exact.');

const timers = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('raft'),
    heartbeatUs: us,
    electionUs: range.describe('A follower without a leader campaigns after so long.'),
    meanDetectionUs: us
      .nullable()
      .describe(
        'A lower bound for the mean time from the loss of a leader to the first campaign; null for one member.',
      ),
    stepDownUs: range.nullable().describe('A leader without a quorum steps down after so long; null: never.'),
  }),
  z.strictObject({
    kind: z.literal('rethink'),
    heartbeatUs: us,
    silenceUs: range.describe('A peer that falls silent is given up so long after its last message.'),
    electionUs: range.describe('Then, where the Raft leader was lost too.'),
  }),
]);

const system = z.strictObject({
  name: z.string(),
  kind: z.enum(['swarm', 'etcd', 'rethink', 'raft']),
  profile: z.string(),
  source: z.string().describe("Where the profile's constants were read."),
  changed: z.boolean().describe('The scenario states some of them otherwise.'),
  members: texts.describe('Voters.'),
  learners: texts,
  quorum: count,
  tolerates: count.describe('So many voters may fail, whichever they are.'),
  votersByZone: z.array(z.strictObject({ zone: z.string(), voters: count })),
  singlePointsOfFailure: z.array(
    z.strictObject({
      place: z.string(),
      level,
      voters: count,
      majority: z.boolean().describe('It holds a quorum by itself.'),
    }),
  ),
  impact: texts.describe('What users lose with it.'),
  timers,
  links: z.strictObject({
    system: z.string(),
    slowest: z
      .strictObject({
        a: z.string(),
        b: z.string(),
        linkClass: z.enum(LINK_CLASSES),
        rttP50Us: us,
        rttP99Us: us,
      })
      .nullable(),
    warnings: z.array(
      z.strictObject({
        rule: z.enum(['rtt-reaches-heartbeat', 'election-below-ten-rtt', 'rtt-reaches-election']),
        system: z.string(),
        rttUs: us,
        timeoutUs: us,
      }),
    ),
  }),
  odds: z
    .strictObject({ pNode: share, pZone: share, majority: odds, zones: odds })
    .describe('Share of time with a quorum if nodes and zones are down these shares of the time. Exact.'),
});

export const explanationShape = z
  .strictObject({
    schemaVersion: z.literal(EXPLANATION_VERSION),
    tool: z.strictObject({ name: z.literal('zonefall'), version: z.string() }),
    title: z.string(),
    description: z.string(),
    systems: z.array(system).describe('Those that vote.'),
    others: z
      .array(
        z.strictObject({
          name: z.string(),
          kind: z.enum(SYSTEM_KINDS as [SystemKind, ...SystemKind[]]),
          profile: z.string(),
          members: texts,
          impact: texts,
        }),
      )
      .describe('Systems without votes: no question of quorum can be asked of them.'),
    losses: z.array(
      z.strictObject({
        level: z.enum(['node', 'rack', 'zone', 'datacenter', 'region', 'two zones']),
        names: texts,
        sameAs: texts.describe('Larger places that hold the same nodes.'),
        nodes: texts,
        systems: z.array(survival),
      }),
    ),
    timeline: z.array(
      z.strictObject({
        index: count.describe("Index into the scenario's faults: timeline first, then faults."),
        name: z.string(),
        title: z.string(),
        start: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('at'), atUs: us }),
          z.strictObject({
            kind: z.literal('after'),
            fault: count,
            edge: z.enum(['start', 'end']),
            delayUs: us,
          }),
          z.strictObject({ kind: z.literal('every'), interval: distribution }),
        ]),
        repeat: z.strictObject({ periodUs: us, times: count }).nullable(),
        duration: distribution.nullable().describe('null: to the end of the run.'),
        nodes: texts.nullable().describe('null: it depends on who leads, or on a draw.'),
        survival: z.array(
          z.strictObject({
            system: z.string(),
            outcomes: z.array(survival),
            brief: z.boolean().describe('Shorter than the least time-out: it may pass unnoticed.'),
          }),
        ),
        slowdowns: z.array(
          z.strictObject({
            system: z.string(),
            silenceUs: us,
            rttUs: us,
            effect: z.enum(['holds', 'may elect', 'elects', 'cannot elect']),
          }),
        ),
        complete: z.boolean().describe('False when there are more ways than were tried.'),
      }),
    ),
    objectives: z.array(z.strictObject({ text: z.string() })),
    expected: z
      .array(
        z.strictObject({
          system: z.string(),
          operation: z.string(),
          vantage: z.string(),
          unavailability: share,
        }),
      )
      .describe(
        'Share of the run in which the main operation of each system is not up, by the failures that the scenario states alone. Exact.',
      ),
    toldBy: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('year') }),
        z.strictObject({ kind: z.literal('run'), durationUs: us }),
      ])
      .describe('What times of `expected` are told by: a script is no sample of a year.'),
    cost: z.strictObject({
      modelTimeUs: us,
      changes: z.number().nonnegative().describe('How often a fault begins or ends, on average.'),
      events: count.describe('Kernel events, with parking; right to a factor of a few.'),
      eventsUnparked: count.describe('Kernel events while nothing happens, one by one (--every-event).'),
      bySystem: z.array(z.strictObject({ system: z.string(), eventsPerSecond: z.number().nonnegative() })),
    }),
    assumptions: z
      .array(z.strictObject({ path: z.string(), value: z.string(), source: z.string() }))
      .optional()
      .describe('With --verbose: every field that the scenario leaves out.'),
  })
  .meta({ title: 'zonefall explanation' });

/** The schema and the type say the same: a field added to one alone does not compile. */
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
export const SHAPES_AGREE: Same<
  Mutable<Explanation>,
  Omit<z.infer<typeof explanationShape>, 'assumptions'>
> = true;

export function explanationSchema(): Record<string, unknown> {
  return JSON.parse(JSON.stringify(z.toJSONSchema(explanationShape, { target: 'draft-7', io: 'output' })));
}
