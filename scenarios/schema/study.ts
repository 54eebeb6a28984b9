/** `study`: what a sweep varies, and how much of it it runs. A single run does not look at it. */
import * as z from 'zod';
import { MAX_RUNS, MAX_VARIANTS } from '../limits.ts';
import { share } from './leaf.ts';

/** Whatever may stand at the path; the file is checked with it in place. */
const value = z.unknown().meta({
  description: 'What stands at that path in this variant: a number, a text, a list, a map.',
  examples: [3, '500ms', ['a', 'b']],
});

export const study = z
  .strictObject({
    runs: z
      .int({ error: `expected a whole number from 1 to ${MAX_RUNS}` })
      .min(1, `expected a whole number from 1 to ${MAX_RUNS}`)
      .max(MAX_RUNS, `expected a whole number from 1 to ${MAX_RUNS}`)
      .optional()
      .meta({
        description:
          'Runs of each variant. Left out: 100, or with a precision as many as it takes. --runs wins over it.',
        examples: [200],
        unit: 'count',
      }),
    precision: share({
      description:
        'Stop when the interval of every objective is that tight (half its width, as a share of the figure; of an availability: of the unavailability), or its verdict certain. --precision wins over it.',
      examples: ['5%'],
    }).optional(),
    vary: z
      .record(
        z.string(),
        z.array(value, { error: 'expected a list of values, like [3, 5, 7]' }).min(1).max(MAX_VARIANTS),
      )
      .default({})
      .meta({
        description:
          'Axes: a path as in --set, and the values that are tried there. Several axes make every combination of them. --vary adds one, or replaces the one of its path.',
        examples: [{ 'nodes.manager.count': [3, 5, 7] }],
      }),
    variants: z
      .record(
        z.string().min(1),
        z.record(z.string(), value, { error: 'expected a map of paths to values' }),
        { error: 'expected a map of names to settings, like three zones: { nodes.manager.spread: zone }' },
      )
      .default({})
      .meta({
        description:
          'Variants by name, each with the settings that make it, several at once; {} is the file as it is. With axes too: every combination.',
        examples: [
          {
            'as it is': {},
            'five managers in two zones': {
              'nodes.manager.count': 5,
              'topology.us-west.zones': ['a', 'b'],
            },
          },
        ],
      }),
  })
  .prefault({})
  .meta({
    description: 'What zonefall sweep varies, and how many runs it makes.',
    examples: [{ runs: 200, vary: { 'nodes.manager.count': [3, 5, 7] } }],
  });
