/** Options that several commands share, so that one word means one thing. */
import type { Argv } from 'yargs';
import { UsageError } from './errors.ts';

export interface GlobalOptions {
  readonly quiet: boolean;
  /** undefined: neither --color nor --no-color was given. */
  readonly color: boolean | undefined;
}

export function withGlobals(yargs: Argv): Argv<GlobalOptions> {
  return yargs
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      default: false,
      describe: 'Say nothing on stderr but errors',
    })
    .option('color', {
      type: 'boolean',
      describe: 'Colours, or --no-color none (default: in a terminal, as NO_COLOR, FORCE_COLOR and TERM say)',
      defaultDescription: 'auto',
    }) as Argv<GlobalOptions>;
}

export interface ScenarioOptions extends GlobalOptions {
  readonly scenario: string;
  readonly set: readonly string[];
}

/** The scenario argument and what changes it. */
export function withScenario<T extends GlobalOptions>(yargs: Argv<T>): Argv<T & ScenarioOptions> {
  return withSet(
    yargs.positional('scenario', {
      type: 'string',
      demandOption: true,
      describe: 'A file, the name of a shipped scenario, or - for stdin',
    }),
  ) as unknown as Argv<T & ScenarioOptions>;
}

export function withSet<T>(yargs: Argv<T>): Argv<T & { set: readonly string[] }> {
  return yargs.option('set', {
    type: 'string',
    array: true,
    // One value for each --set: what follows it is the next argument.
    nargs: 1,
    default: [],
    defaultDescription: 'none',
    describe: 'Change a field: --set nodes.manager.count=5 (repeatable)',
  }) as unknown as Argv<T & { set: readonly string[] }>;
}

/** yargs makes a list of an option that is given twice; only --set and --vary may be. */
export function refuseContradictions(argv: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(argv)) {
    if (Array.isArray(value) && !['_', 'set', 'vary', 'scenarios', 'folders', 'words', '--'].includes(name))
      throw new UsageError(`--${name} is given ${value.length} times; it takes one value`);
  }
  if (argv.out === '') throw new UsageError('--out needs a value');
  if (argv.json === true && argv.plain === true)
    throw new UsageError('--json and --plain exclude each other');
  return true;
}

/** `--json=maybe`: yargs would take it for false. */
export function refuseSwitchValues(words: readonly string[], switches: readonly string[]): void {
  for (const word of words) {
    const match = /^--([^=]+)=(.*)$/s.exec(word);
    if (match !== null && switches.includes(match[1]!) && match[2] !== 'true' && match[2] !== 'false')
      throw new UsageError(`--${match[1]} is a switch: it takes no value`);
  }
}
