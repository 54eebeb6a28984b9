/** `zonefall init`: writes a commented scenario to begin with. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { dashIsTheFile, fileWritten, noSuchTemplate } from '../messages.ts';
import type { GlobalOptions } from '../options.ts';

interface InitOptions extends GlobalOptions {
  readonly template: string;
  readonly file: string | undefined;
  readonly force: boolean;
}

const DEFAULT_TEMPLATE = 'starter';

export const init: Command<InitOptions> = {
  name: 'init',
  usage: 'init [template] [file]',
  describe: 'Write a commented scenario to begin with',
  takesTemplate: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    yargs
      .positional('template', {
        type: 'string',
        default: DEFAULT_TEMPLATE,
        describe: 'Which one; zonefall list --templates shows them',
      })
      .positional('file', {
        type: 'string',
        describe: 'Where to; - prints it, after a template: init starter -',
        defaultDescription: '<template>.yaml',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'Replace a file of that name',
      }) as unknown as Argv<InitOptions>,

  async run(options, io) {
    const [{ findTemplate, listTemplates }, { readFileSync, writeFileSync }] = await Promise.all([
      import('../../../scenarios/library.ts'),
      import('node:fs'),
    ]);
    if (options.template === '-') throw new UsageError(dashIsTheFile(DEFAULT_TEMPLATE), { hint: false });
    const found = findTemplate(options.template);
    if (found.entry === undefined) {
      const known = listTemplates().map((entry) => entry.name);
      throw new UsageError(noSuchTemplate(options.template, known, found.nearest), { hint: false });
    }
    const text = forEditors(readFileSync(found.entry.path, 'utf8'));
    const file = options.file ?? `${found.entry.name}.yaml`;
    if (file === '-') {
      io.stdout.write(text);
      return exit.OK;
    }
    try {
      writeFileSync(file, text, { flag: options.force ? 'w' : 'wx' });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason =
        code === 'EEXIST' ? 'there is a file of that name already (--force replaces it)' : message;
      throw new UsageError(`cannot write ${file}: ${reason}`, { hint: false });
    }
    if (!options.quiet) io.stderr.write(fileWritten(file));
    return exit.OK;
  },
};

/** Where editors find the schema is not where the template stands among our files. */
function forEditors(text: string): string {
  return text.replace(
    /^# yaml-language-server: .*\n/,
    '# Completion in editors: zonefall schema > zonefall.schema.json\n# yaml-language-server: $schema=zonefall.schema.json\n',
  );
}
