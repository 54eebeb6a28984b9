/** `zonefall run`: one run of a scenario; prints the answer and writes its files. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { InterruptedError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, type Io, stdoutColor } from '../io.ts';
import { drawnSeed, filesWritten, interruptedWriting, runAgain } from '../messages.ts';
import { type GlobalOptions, type ScenarioOptions, withScenario } from '../options.ts';
import { readSeed } from '../seed.ts';
import { shellCommand } from '../shell-words.ts';
import { VERSION } from '../version.ts';

interface RunOptions extends ScenarioOptions {
  readonly seed: string | undefined;
  /** false: --no-out. */
  readonly out: string | false | undefined;
  readonly json: boolean;
  readonly plain: boolean;
  readonly 'every-event': boolean;
}

export const run: Command<RunOptions> = {
  name: 'run',
  usage: 'run <scenario>',
  describe: 'Run a scenario: what stops, for how long, and why',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withScenario(yargs)
      .option('seed', {
        type: 'string',
        requiresArg: true,
        describe: 'Seed of all chance: a number, a text, or "random"',
        defaultDescription: "the scenario's, or 1",
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder for the files; --no-out writes none',
        defaultDescription: 'out/<scenario>',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document and nothing else',
      })
      .option('plain', {
        type: 'boolean',
        default: false,
        describe: 'Print the lanes of the picture as lines of text',
      })
      .option('every-event', {
        type: 'boolean',
        default: false,
        describe: 'Simulate every heartbeat, also of steady groups: the same answer, much later',
      })
      .example('$0 run my.yaml --set nodes.manager.count=5 --seed 7', '')
      .example('cat my.yaml | $0 run - --json --no-out', '') as Argv<RunOptions>,

  async run(options, io, doing) {
    const chosen = readSeed(options.seed);
    doing.scenario = options.scenario;
    const [{ openScenario, printWarnings }, { formatIssue }] = await Promise.all([
      import('../scenario-argument.ts'),
      import('../../../scenarios/index.ts'),
    ]);
    const opened = await openScenario(options.scenario, options.set, io);
    if (!options.quiet) printWarnings(opened, io, formatIssue);
    const folder = options.out === false ? undefined : (options.out ?? `out/${opened.name}`);
    if (folder !== undefined) (await import('../output-folder.ts')).checkFolder(folder);

    const { DEFAULT_SEED } = await import('../../kernel/streams.ts');
    const seed = chosen.seed ?? opened.seed ?? DEFAULT_SEED;
    doing.seed = seed;
    if (chosen.drawn && !options.quiet) io.stderr.write(drawnSeed(Number(seed)));

    const [{ simulateWithProgress }, reports, { verdictOf }] = await Promise.all([
      import('../simulate-with-progress.ts'),
      import('../../../reports/index.ts'),
      import('../verdict.ts'),
    ]);
    const startedAt = new Date();
    const startedMs = performance.now();
    const result = await simulateWithProgress(
      opened.scenario,
      { seed, everyEvent: options['every-event'] },
      io,
      options.quiet,
    );
    const wallClock = { startedAt, elapsedMs: performance.now() - startedMs };
    const written =
      folder === undefined
        ? []
        : await wholly(io, folder, () =>
            reports.writeReports(result, folder, { version: VERSION, wallClock }),
          );

    if (options.json) io.stdout.write(reports.jsonText(reports.runDocument(result, VERSION)));
    else if (options.plain) io.stdout.write(reports.plainLanes(result));
    else {
      const color = stdoutColor(io, options.color);
      io.stdout.write(reports.terminalSummary(result, { color, columns: columnsOf(io.stdout) }));
    }

    const verdict = verdictOf(result);
    if (!options.quiet) {
      for (const note of verdict.notes) io.stderr.write(`inconclusive: ${note}\n`);
      if (folder !== undefined)
        io.stderr.write(
          filesWritten(
            folder,
            written.map((path) => path.replace(/^.*[\\/]/, '')),
          ),
        );
      if (verdict.code !== exit.OK) {
        const sets = options.set.flatMap((each) => ['--set', each]);
        io.stderr.write(
          runAgain(shellCommand(['zonefall', 'run', options.scenario, ...sets, '--seed', String(seed)])),
        );
      }
    }
    return verdict.code;
  },
};

/** Writing is short and must not be cut in half: Ctrl-C meanwhile waits for it. */
async function wholly<T>(io: Io, folder: string, write: () => Promise<T>): Promise<T> {
  let interrupted = false;
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
  });
  try {
    const written = await write();
    if (interrupted) throw new InterruptedError(interruptedWriting(folder));
    return written;
  } finally {
    stopListening();
  }
}
