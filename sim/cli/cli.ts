/** The command line as a function: words in, exit code out. Everything heavy is loaded by the command that needs it. */
import type { Argv } from 'yargs';
import type { Command } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { ASK, completions } from './completion.ts';
import { type Doing, report, UsageError } from './errors.ts';
import * as exit from './exit-codes.ts';
import type { Io } from './io.ts';
import { EPILOGUE, EXAMPLES, inOurWords, unknownCommand, WITHOUT_ARGUMENTS } from './messages.ts';
import { type GlobalOptions, refuseContradictions, refuseSwitchValues, withGlobals } from './options.ts';
import { takenBy } from './taken.ts';
import { VERSION } from './version.ts';

/** Help wider than this is hard to read. */
const HELP_COLUMNS_MAX = 100;

interface Chosen {
  readonly command: Command;
  readonly options: GlobalOptions;
}

/** Never throws and never ends the process. */
export async function runCli(words: readonly string[], io: Io): Promise<exit.ExitCode> {
  const doing: Doing = {};
  try {
    if (words.length === 0) {
      io.stdout.write(WITHOUT_ARGUMENTS);
      return exit.OK;
    }
    if (words[0] === ASK) {
      for (const word of await completions(words.slice(1), COMMANDS)) io.stdout.write(`${word}\n`);
      return exit.OK;
    }
    const named = COMMANDS.find((command) => command.name === words[0]);
    if (named !== undefined) doing.command = named.name;
    else if (!words[0]!.startsWith('-'))
      throw new UsageError(
        unknownCommand(
          words[0]!,
          COMMANDS.map(({ name }) => name),
        ),
      );
    const { chosen, output } = await parse(words, named, io);
    if (output !== '') {
      io.stdout.write(`${output}\n`);
      return exit.OK;
    }
    if (chosen === undefined) throw new UsageError('no command is given');
    return await chosen.command.run(chosen.options, io, doing);
  } catch (error) {
    return report(error, io, doing);
  }
}

/** What was asked for: a command, or the text of --help or --version. Throws a UsageError. */
async function parse(
  words: readonly string[],
  named: Command | undefined,
  io: Io,
): Promise<{ chosen: Chosen | undefined; output: string }> {
  let chosen: Chosen | undefined;
  let output = '';
  const { default: yargs } = await import('yargs');
  const parser = describe(yargs() as Argv, io, (command, options) => {
    chosen = { command, options: unescaped(options) };
  });
  const escaped = words.map((word) => (word === '-' ? STDIN : word));
  const taken = named === undefined ? undefined : takenBy(named, yargs() as Argv);
  refuseSwitchValues(words, taken?.switches ?? []);
  try {
    await parser.parseAsync(escaped, {}, (_error, _argv, text) => {
      output = text;
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(inOurWords(error.message, taken?.options ?? [], named?.usage));
  }
  return { chosen, output };
}

/** yargs takes a lone `-` for an option without a name and drops it. */
const STDIN = '\0stdin';

function unescaped<T>(options: T): T {
  const back = (value: unknown): unknown =>
    value === STDIN ? '-' : Array.isArray(value) ? value.map(back) : value;
  return Object.fromEntries(
    Object.entries(options as object).map(([name, value]) => [name, back(value)]),
  ) as T;
}

function describe(yargs: Argv, io: Io, choose: (command: Command, options: GlobalOptions) => void): Argv {
  let parser: Argv = yargs
    .scriptName('zonefall')
    .locale('en')
    .usage('zonefall <command>\n\nWhat stops when a zone falls, for how long, and why.')
    .parserConfiguration({ 'strip-aliased': true, 'camel-case-expansion': false, 'dot-notation': false });
  parser = withGlobals(parser);
  for (const command of COMMANDS) {
    parser = parser.command({
      command: command.usage,
      describe: command.describe,
      builder: (each: Argv) => command.builder(each as Argv<GlobalOptions>),
      handler: (argv) => choose(command, argv as unknown as GlobalOptions),
    });
  }
  for (const [command, what] of EXAMPLES) parser = parser.example(command, what);
  return parser
    .check(refuseContradictions, true)
    .demandCommand(1, 'no command is given')
    .recommendCommands()
    .strict()
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .epilogue(EPILOGUE)
    .wrap(Math.min(HELP_COLUMNS_MAX, io.stdout.columns ?? HELP_COLUMNS_MAX))
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof UsageError ? error : new UsageError(message ?? error?.message ?? '');
    });
}
