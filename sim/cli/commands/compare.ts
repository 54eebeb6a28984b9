/** `zonefall compare`: scenarios, or variants of one, run by run under the same luck; which is better, and how sure that is. */
import type { Argv } from 'yargs';
import type { Variant } from '../../experiments/study.ts';
import { timeBasisOf } from '../../experiments/time-basis.ts';
import type { Command } from '../command.ts';
import {
  type DecidingOptions,
  finishStudy,
  folderOf,
  indexNamed,
  runStudy,
  seedFor,
  stoppingOf,
  withDeciding,
} from '../deciding.ts';
import { UsageError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, stdoutColor } from '../io.ts';
import { differentLengths } from '../messages.ts';
import { type GlobalOptions, withSet } from '../options.ts';
import { VERSION } from '../version.ts';

interface CompareOptions extends DecidingOptions {
  readonly scenarios: readonly string[];
  readonly vary: readonly string[];
  readonly baseline: string | undefined;
  readonly 'fail-on': 'worse' | undefined;
}

const STOPPING = { runs: 400, precision: 0.05 };

export const compare: Command<CompareOptions> = {
  name: 'compare',
  usage: 'compare <scenarios..>',
  describe: 'Compare placements or settings under the same luck: better, worse, or cannot tell yet',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withDeciding(
      withSet(
        yargs.positional('scenarios', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Scenarios to compare, the first against each of the others; or one with variants',
        }),
      )
        .option('vary', {
          type: 'string',
          array: true,
          nargs: 1,
          default: [],
          defaultDescription: "the study's",
          describe: 'Compare values of a field: --vary nodes.manager.count=3,5,7 (repeatable)',
        })
        .option('baseline', {
          type: 'string',
          requiresArg: true,
          describe: 'Against which variant, by its name',
          defaultDescription: 'the first',
        })
        .option('fail-on', {
          choices: ['worse'] as const,
          requiresArg: true,
          describe: 'Exit code 1 when a variant is worse than the baseline',
        }),
      'out/<scenario>-compare',
    )
      .example('$0 compare three-zones-or-one --budget 2m', '')
      .example(
        '$0 compare my.yaml --vary systems.swarm.profile=deck-2017,swarmkit-20.10',
        '',
      ) as unknown as Argv<CompareOptions>,

  async run(options, io, doing) {
    doing.scenario = options.scenarios.join(' ');
    const [{ openStudy, printWarnings }, { formatIssue }] = await Promise.all([
      import('../scenario-argument.ts'),
      import('../../../scenarios/index.ts'),
    ]);
    const files = [];
    for (const scenario of options.scenarios) {
      const opened = await openStudy(scenario, options, io);
      if (!options.quiet) printWarnings(opened, io, formatIssue);
      files.push(opened);
    }
    const variants = files.flatMap((file): Variant[] => {
      if (files.length === 1) return [...file.variants];
      const alone = file.variants.length === 1;
      return file.variants.map((each) => ({
        ...each,
        name: alone ? file.name : `${file.name}: ${each.name}`,
      }));
    });
    const names = variants.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new UsageError(`${twice} is given twice`, { hint: false });
    if (variants.length < 2)
      throw new UsageError(
        'there is nothing to compare with: name another scenario, or say --vary nodes.manager.count=3,5,7',
        { hint: false },
      );
    await refuseApart(variants, options.vary);
    const baseline = indexNamed(options.baseline, variants, '--baseline');
    const stopping = stoppingOf(options, STOPPING);
    const folder = await folderOf(options.out, `out/${files[0]!.name}-compare`);
    const seed = await seedFor(options, files[0]!.base.seed, io, doing);

    const { comparisonOf, isDecided } = await import('../../experiments/compare.ts');
    const reports = await import('../../../reports/decisions/index.ts');
    const study = { variants, seed };
    const { result, elapsedMs } = await runStudy(
      study,
      stopping,
      isDecided(study, baseline, stopping.precision ?? 0),
      options,
      io,
      true,
    );
    const comparison = comparisonOf(result, baseline);
    const { scenarios, set, vary } = options;
    const document = reports.comparisonDocument(comparison, { scenarios, set, vary }, VERSION);
    const written =
      folder === undefined || comparison.runs === 0
        ? []
        : await reports.writeComparison(comparison, document, folder);
    if (options.json) io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (comparison.runs > 0)
      io.stdout.write(
        reports.comparisonSummary(comparison, {
          color: stdoutColor(io, options.color),
          columns: columnsOf(io.stdout),
        }),
      );
    await finishStudy(result, elapsedMs, folder, written, io, options.quiet);
    const worse = document.words.some(({ word }) => word === 'worse' || word === 'mixed');
    if (options['fail-on'] === 'worse' && worse) return exit.FAIL;
    return comparison.decided && comparison.runs > 0 ? exit.OK : exit.INCONCLUSIVE;
  },
};

/** A script is played once in a run, and chance goes on for as long as it lasts: no unit of time suits both. */
async function refuseApart(variants: readonly Variant[], vary: readonly string[]): Promise<void> {
  if (timeBasisOf(variants.map(({ scenario }) => scenario)).kind !== 'apart') return;
  const { clean, exactDuration } = await import('../../../reports/words.ts');
  const byLength = variants.toSorted((a, b) => a.scenario.run.durationUs - b.scenario.run.durationUs);
  const ends = [byLength[0]!, byLength.at(-1)!].map(({ name, scenario }) => ({
    name: clean(name),
    length: exactDuration(scenario.run.durationUs),
  }));
  const varied = vary.some((axis) => axis.startsWith('run.duration='));
  throw new UsageError(differentLengths(ends, varied), { hint: false });
}
