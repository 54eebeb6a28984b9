/** `zonefall completion`: a script that lets a shell complete commands, options and the names of scenarios. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { SHELLS, type Shell } from '../completion.ts';
import * as exit from '../exit-codes.ts';
import type { GlobalOptions } from '../options.ts';

interface CompletionOptions extends GlobalOptions {
  readonly shell: Shell | undefined;
}

export const completion: Command<CompletionOptions> = {
  name: 'completion',
  usage: 'completion [shell]',
  describe: 'Print a completion script for bash, zsh or fish',
  builder: (yargs: Argv<GlobalOptions>) =>
    yargs
      .positional('shell', {
        type: 'string',
        choices: SHELLS,
        describe: 'Which shell',
        defaultDescription: 'yours, by SHELL',
      })
      .example('source <($0 completion bash)', '') as unknown as Argv<CompletionOptions>,

  async run(options, io) {
    const { script, shellOf } = await import('../completion.ts');
    io.stdout.write(script(options.shell ?? shellOf(io.env)));
    return exit.OK;
  },
};
