/** `zonefall merge`: the shards of a sweep, put together to what the whole sweep would have been. */
import type { Argv } from 'yargs';
import type { StudyRequest } from '../../../reports/study/index.ts';
import type { Command } from '../command.ts';
import type { GlobalOptions } from '../options.ts';
import { VERSION } from '../version.ts';

interface MergeOptions extends GlobalOptions {
  readonly folders: readonly string[];
  /** false: --no-out. */
  readonly out: string | false;
  readonly fresh: boolean;
  readonly json: boolean;
}

export const merge: Command<MergeOptions> = {
  name: 'merge',
  usage: 'merge <folders..>',
  describe: 'Put the shards of a sweep together (sweep --shard i/n)',
  builder: (yargs: Argv<GlobalOptions>) =>
    yargs
      .positional('folders', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'The folders of all shards, in any order',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Folder for the files; --no-out writes none',
      })
      .option('fresh', {
        type: 'boolean',
        default: false,
        describe: 'Throw away the runs that an earlier sweep left in the folder',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document and nothing else',
      })
      .example('$0 merge shards/* --out out/whole', '') as unknown as Argv<MergeOptions>,

  async run(options, io) {
    const folder = options.out === false ? undefined : options.out;
    if (folder !== undefined) (await import('../output-folder.ts')).checkFolder(folder);
    const [{ mergeShards }, { openJournal }, { rowsOf }, { reportSweep }] = await Promise.all([
      import('../../experiments/merge.ts'),
      import('../../experiments/journal.ts'),
      import('../../experiments/outcome.ts'),
      import('../report-sweep.ts'),
    ]);
    const { title, outcomes } = await mergeShards(options.folders, VERSION);
    const { study } = title;
    if (folder !== undefined) {
      const journal = await openJournal(folder, title, { fresh: options.fresh });
      try {
        await journal.finish(outcomes);
      } finally {
        await journal.close();
      }
    }
    const rows = study.variants.map(({ scenario }) => rowsOf(scenario));
    const result = { study, rows, outcomes, stopped: 'runs' } as const;
    const request = title.about as StudyRequest;
    return reportSweep({ result, request, folder, elapsedMs: undefined }, options, io);
  },
};
