/** `zonefall list`: the scenarios that come with zonefall. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, stdoutColor } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

interface ListOptions extends GlobalOptions {
  readonly words: readonly string[];
  readonly templates: boolean;
  readonly json: boolean;
  readonly plain: boolean;
}

/** Raised when a reader of the old shape would misread the new one. */
const SCHEMA_VERSION = 1;

export const list: Command<ListOptions> = {
  name: 'list',
  usage: 'list [words..]',
  describe: 'Show the scenarios that come with zonefall',
  builder: (yargs: Argv<GlobalOptions>) =>
    yargs
      .positional('words', {
        type: 'string',
        array: true,
        default: [],
        defaultDescription: 'all',
        describe: 'Only those whose name, folder or title holds all of these words',
      })
      .option('templates', {
        type: 'boolean',
        default: false,
        describe: 'The templates of zonefall init instead',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document and nothing else',
      })
      .option('plain', {
        type: 'boolean',
        default: false,
        describe: 'Print one line each: name, tab, title',
      }) as unknown as Argv<ListOptions>,

  async run(options, io) {
    const library = await import('../../../scenarios/library.ts');
    const all = options.templates ? library.listTemplates() : library.list();
    const words = options.words.map((word) => word.toLowerCase());
    const entries = all.filter((entry) => {
      const text = `${entry.folder}/${entry.name} ${entry.title}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    if (options.json) {
      const scenarios = entries.map(({ name, folder, title, summary }) => ({ name, folder, title, summary }));
      io.stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, scenarios }, null, 2)}\n`);
    } else if (options.plain) {
      for (const { name, title } of entries) io.stdout.write(`${name}\t${title}\n`);
    } else {
      const { listing } = await import('../listing.ts');
      io.stdout.write(listing(entries, stdoutColor(io, options.color), columnsOf(io.stdout)));
      if (entries.length === 0 && !options.quiet)
        io.stderr.write(`none of ${all.length} match ${options.words.join(' ')}\n`);
    }
    return exit.OK;
  },
};
