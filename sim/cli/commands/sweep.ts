/** `zonefall sweep`: many runs of a scenario, or of the variants of a study; prints what they say together, with intervals. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { InterruptedError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, stdoutColor } from '../io.ts';
import { drawnSeed, filesWritten, interruptedSweep, sweepTook } from '../messages.ts';
import { type GlobalOptions, type ScenarioOptions, withScenario } from '../options.ts';
import { readSeed } from '../seed.ts';
import { shellCommand } from '../shell-words.ts';
import { readStopping, type StoppingOptions, withStopping } from '../stopping-options.ts';
import { VERSION } from '../version.ts';

interface SweepOptions extends ScenarioOptions, StoppingOptions {
  readonly vary: readonly string[];
  readonly seed: string | undefined;
  /** false: --no-out. */
  readonly out: string | false | undefined;
  readonly json: boolean;
}

const EXIT_CODES = { pass: exit.OK, fail: exit.FAIL, inconclusive: exit.INCONCLUSIVE } as const;

export const sweep: Command<SweepOptions> = {
  name: 'sweep',
  usage: 'sweep <scenario>',
  describe: 'Run a scenario many times: nines, downtime and failovers with intervals',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withStopping(withScenario(yargs))
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
    const folder = options.out === false ? undefined : (options.out ?? `out/${opened.name}-sweep`);
    if (folder !== undefined) (await import('../output-folder.ts')).checkFolder(folder);

    const { DEFAULT_SEED } = await import('../../kernel/streams.ts');
    const seed = chosen.seed ?? opened.base.seed ?? DEFAULT_SEED;
    doing.seed = seed;
    if (chosen.drawn && !options.quiet) io.stderr.write(drawnSeed(Number(seed)));

    const [{ sweepWithProgress }, { inlineEngine }, { findingsOf }, { cellsOf }, reports] = await Promise.all(
      [
        import('../sweep-with-progress.ts'),
        import('../../experiments/inline-engine.ts'),
        import('../../experiments/findings.ts'),
        import('../../experiments/cells.ts'),
        import('../../../reports/study/index.ts'),
      ],
    );
    const startedMs = performance.now();
    const study = { variants: opened.variants, seed };
    const result = await sweepWithProgress({ study, stopping, makeEngine: inlineEngine }, io, options.quiet);
    const elapsedMs = performance.now() - startedMs;

    const findings = findingsOf(result);
    const { scenario, set, vary } = options;
    const request = { scenario, set, vary, seed, stopping, settings: opened.settings };
    const manifest = reports.studyManifest(findings, result.stopped, request, VERSION, (variant, run) => {
      const sets = [...set, ...opened.settings[variant]!].flatMap((each) => ['--set', each]);
      return shellCommand(['zonefall', 'run', scenario, ...sets, '--seed', `${seed}/${run}`]);
    });
    const cells = findings.variants.flatMap((each) => cellsOf(each));
    const runs = result.outcomes.reduce((sum, each) => sum + each.length, 0);
    // With nothing done, what an earlier sweep left in the folder is worth more.
    const written =
      folder === undefined || runs === 0 ? [] : await reports.writeStudy(manifest, findings, cells, folder);

    if (options.json) io.stdout.write(`${JSON.stringify(reports.studyDocument(manifest, cells), null, 2)}\n`);
    else {
      const color = stdoutColor(io, options.color);
      io.stdout.write(reports.sweepSummary(findings, manifest, { color, columns: columnsOf(io.stdout) }));
    }
    if (!options.quiet) {
      const { duration } = await import('../../../reports/words.ts');
      const words = (ms: number) => duration(Math.round(ms * 1_000));
      io.stderr.write(sweepTook(runs, words(elapsedMs), words(elapsedMs / Math.max(1, runs))));
      if (written.length > 0)
        io.stderr.write(
          filesWritten(
            folder!,
            written.map((path) => path.replace(/^.*[\\/]/, '')),
          ),
        );
    }
    if (result.stopped === 'interrupted')
      throw new InterruptedError(interruptedSweep(runs, written.length > 0 ? folder : undefined));
    return EXIT_CODES[findings.verdict];
  },
};
