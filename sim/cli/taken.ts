/** What a command takes, for completion and for "did you mean": yargs knows it, and does not type the way to ask. */
import type { Argv } from 'yargs';
import type { Command } from './command.ts';
import { withGlobals } from './options.ts';

export interface Taken {
  /** Names of options without their dashes, positionals left out. */
  readonly options: readonly string[];
  /** Of these, those without a value. */
  readonly switches: readonly string[];
  readonly positionals: readonly string[];
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

interface YargsOptions {
  readonly key: Readonly<Record<string, unknown>>;
  readonly boolean: readonly string[];
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** `yargs`: a fresh instance. */
export function takenBy(command: Command, yargs: Argv): Taken {
  const parser = command.builder(withGlobals(yargs)) as unknown as { getOptions(): YargsOptions };
  const { key, boolean, choices } = parser.getOptions();
  const positionals = [...command.usage.matchAll(/[<[](\w+)/g)].map(([, name]) => name!);
  const options = Object.keys(key).filter((name) => name.length > 1 && !positionals.includes(name));
  return {
    options,
    switches: options.filter((name) => boolean.includes(name)),
    positionals,
    choices,
  };
}
