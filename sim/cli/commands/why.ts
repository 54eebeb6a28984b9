/** `zonefall why`: the chain that led to an outage, read from the files of a run. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, stdoutColor } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { VERSION } from '../version.ts';

interface WhyOptions extends GlobalOptions {
  readonly folder: string;
  readonly at: string | undefined;
  readonly outage: number | undefined;
  readonly json: boolean;
  readonly plain: boolean;
}

/** Raised when a reader of the old shape would misread the new one. */
const SCHEMA_VERSION = 1;

export const why: Command<WhyOptions> = {
  name: 'why',
  usage: 'why <folder>',
  describe: 'Explain an outage of a run, from the fault to the user',
  builder: (yargs: Argv<GlobalOptions>) =>
    yargs
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'The folder that run has written, like out/three-zones-3-managers',
      })
      .option('at', {
        type: 'string',
        requiresArg: true,
        describe: 'The outages at this time of the run: 2m3s, or 2:03',
      })
      .option('outage', {
        type: 'number',
        requiresArg: true,
        describe: 'The outage of this number; they are listed below the answer',
        defaultDescription: 'the longest',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document and nothing else',
      })
      .option('plain', {
        type: 'boolean',
        default: false,
        describe: 'Print one fact a line, with tabs between the columns',
      })
      .example('$0 why out/three-zones --at 2m3s', '') as unknown as Argv<WhyOptions>,

  async run(options, io) {
    const asked = await askedFor(options);
    const { explain, readRun, RunFolderError, whyPlain, whyText } = await import(
      '../../../reports/why/index.ts'
    );
    let run: Awaited<ReturnType<typeof readRun>>;
    try {
      run = await readRun(options.folder);
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
      io.stderr.write(`zonefall: ${error.message}\n`);
      return exit.INVALID_SCENARIO;
    }
    if (asked.kind === 'at' && asked.atUs > run.durationUs) {
      const { clock } = await import('../../../reports/words.ts');
      throw new UsageError(
        `--at ${options.at} lies after the end of the run, which is at ${clock(run.durationUs)}`,
        {
          hint: false,
        },
      );
    }
    const answer = explain(run, asked);
    if (answer === undefined) {
      const { outages } = explain(run, { kind: 'longest' })!;
      const have =
        outages.length === 0 ? 'nothing was down in this run' : `this run has outages 1 to ${outages.length}`;
      throw new UsageError(`there is no outage ${options.outage}: ${have}`, { hint: false });
    }
    if (options.json) {
      const document = {
        schemaVersion: SCHEMA_VERSION,
        tool: { name: 'zonefall', version: VERSION },
        ...answer,
      };
      io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    } else if (options.plain) io.stdout.write(whyPlain(answer));
    else
      io.stdout.write(
        whyText(answer, { color: stdoutColor(io, options.color), columns: columnsOf(io.stdout) }),
      );
    return exit.OK;
  },
};

type Asked = import('../../../reports/why/index.ts').Asked;

async function askedFor({ at, outage }: WhyOptions): Promise<Asked> {
  if (at !== undefined && outage !== undefined) throw new UsageError('--at and --outage exclude each other');
  if (outage !== undefined) {
    if (!Number.isInteger(outage) || outage < 1)
      throw new UsageError('--outage takes a number: 1, 2, 3, ...');
    return { kind: 'number', number: outage };
  }
  return at === undefined ? { kind: 'longest' } : { kind: 'at', atUs: await momentOf(at) };
}

/** A duration from time zero, or a clock as the reports print it: `2:03.5`, `1:02:03`. */
async function momentOf(text: string): Promise<number> {
  const clock = /^(?:(\d+):)?(\d+):(\d\d(?:\.\d{1,6})?)$/.exec(text);
  if (clock !== null) {
    const [, hours = '0', minutes, seconds] = clock;
    return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1_000_000);
  }
  const { parseDuration } = await import('../../../scenarios/units.ts');
  try {
    return parseDuration(text);
  } catch (error) {
    throw new UsageError(`--at: ${error instanceof Error ? error.message : String(error)}`);
  }
}
