/** `zonefall sweep`: many runs of a scenario, or of the variants of a study; prints what they say together, with intervals. */
import type { Argv } from 'yargs';
import type { Shard } from '../../experiments/shard.ts';
import type { Stopping } from '../../experiments/stopping.ts';
import type { SweepResult } from '../../experiments/sweep.ts';
import type { Command } from '../command.ts';
import { InterruptedError, UsageError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { drawnSeed, interruptedSweep, shardKept } from '../messages.ts';
import { type GlobalOptions, type ScenarioOptions, withScenario } from '../options.ts';
import { readSeed } from '../seed.ts';
import { readStopping, type StoppingOptions, withStopping } from '../stopping-options.ts';
import { type MachinesOptions, readEngine, readShard, withMachines } from '../sweep-machines.ts';

interface SweepOptions extends ScenarioOptions, StoppingOptions, MachinesOptions {
  readonly vary: readonly string[];
  readonly seed: string | undefined;
  /** false: --no-out. */
  readonly out: string | false | undefined;
  readonly fresh: boolean;
  readonly rare: number;
  readonly json: boolean;
}

/** Cycles are played one after the other in this thread. */
const RARE_MAX = 100_000;

export const sweep: Command<SweepOptions> = {
  name: 'sweep',
  usage: 'sweep <scenario>',
  describe: 'Run a scenario many times: nines, downtime and failovers with intervals',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withMachines(withStopping(withScenario(yargs)))
      .option('vary', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [],
        defaultDescription: "the study's",
        describe:
          'Try several values of a field: --vary nodes.manager.count=3,5,7 (repeatable: every combination)',
      })
      .option('seed', {
        type: 'string',
        requiresArg: true,
        describe: 'Seed of all chance: a number, a text, or "random"; run k has the seed SEED/k',
        defaultDescription: "the scenario's, or 1",
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder for the files; --no-out writes none',
        defaultDescription: 'out/<scenario>-sweep',
      })
      .option('fresh', {
        type: 'boolean',
        default: false,
        describe: 'Start over: throw away the runs that an earlier sweep left in the folder',
      })
      .option('rare', {
        type: 'number',
        requiresArg: true,
        default: 0,
        defaultDescription: 'none',
        describe: 'Also play so many cycles of rare failures by importance sampling',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document and nothing else',
      })
      .example('$0 sweep my.yaml --runs 400', '')
      .example(
        '$0 sweep my.yaml --vary nodes.manager.count=3,5,7 --precision 5% --budget 60s',
        '',
      ) as Argv<SweepOptions>,

  async run(options, io, doing) {
    const chosen = readSeed(options.seed);
    doing.scenario = options.scenario;
    const [{ openStudy, printWarnings }, { formatIssue }] = await Promise.all([
      import('../scenario-argument.ts'),
      import('../../../scenarios/index.ts'),
    ]);
    const opened = await openStudy(options.scenario, options, io);
    if (!options.quiet) printWarnings(opened, io, formatIssue);
    const stopping = readStopping(options, opened);
    if (!Number.isInteger(options.rare) || options.rare < 0 || options.rare === 1 || options.rare > RARE_MAX)
      throw new UsageError(`--rare must be a whole number from 2 to ${RARE_MAX}, for example --rare 400`);
    const shard = readShard(options);
    if (shard !== undefined) refuseForShard(options, stopping);
    const makeEngine = readEngine(options, io, options.quiet);
    const share = shard === undefined ? '' : `-${shard.index}-of-${shard.of}`;
    const folder = options.out === false ? undefined : (options.out ?? `out/${opened.name}-sweep${share}`);
    if (folder !== undefined) (await import('../output-folder.ts')).checkFolder(folder);

    const { DEFAULT_SEED } = await import('../../kernel/streams.ts');
    const seed = chosen.seed ?? opened.base.seed ?? DEFAULT_SEED;
    doing.seed = seed;
    if (chosen.drawn && !options.quiet) io.stderr.write(drawnSeed(Number(seed)));

    const { scenario, set, vary } = options;
    const about = { scenario, set, vary, seed, stopping, settings: opened.settings };
    const study = { variants: opened.variants, seed };
    const request = { study, stopping, makeEngine };
    const startedMs = performance.now();
    if (folder === undefined) {
      const { sweepWithProgress } = await import('../sweep-with-progress.ts');
      const result = await sweepWithProgress(request, io, options.quiet);
      const elapsedMs = performance.now() - startedMs;
      return (await import('../report-sweep.ts')).reportSweep(
        { result, request: about, folder, elapsedMs },
        options,
        io,
      );
    }
    const { journaledSweep } = await import('../journaled-sweep.ts');
    const { result, found } = await journaledSweep(
      { ...request, about, folder, shard, fresh: options.fresh, ownFolder: options.out === undefined },
      io,
      options.quiet,
    );
    if (shard !== undefined) return shardDone(result, folder, shard, io, options.quiet);
    const elapsedMs = performance.now() - startedMs;
    return (await import('../report-sweep.ts')).reportSweep(
      { result, request: about, folder, elapsedMs, found },
      options,
      io,
    );
  },
};

function refuseForShard({ json, out }: SweepOptions, { precision, budgetMs }: Stopping): void {
  if (precision !== null)
    throw new UsageError(
      'with --precision the runs that are needed are found out on the way, from all of them: a --shard needs --runs',
    );
  if (budgetMs !== null)
    throw new UsageError('--budget and --shard exclude each other: a shard has all of its runs');
  if (out === false) throw new UsageError('--shard needs a folder: zonefall merge reads it');
  if (json)
    throw new UsageError('--json and --shard exclude each other: zonefall merge --json prints the answer');
}

/** A shard has no answer: that takes all of them. */
function shardDone(
  { outcomes, stopped }: SweepResult,
  folder: string,
  shard: Shard,
  io: Io,
  quiet: boolean,
): exit.ExitCode {
  const runs = outcomes.reduce((sum, each) => sum + each.length, 0);
  if (stopped === 'interrupted') throw new InterruptedError(interruptedSweep(runs, folder));
  if (!quiet) io.stderr.write(shardKept(runs, folder, `${shard.index}/${shard.of}`));
  return exit.OK;
}
