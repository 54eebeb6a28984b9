/** A command as data. Its file stays thin: options, and one function that loads what it needs when it is called. */
import type { Argv } from 'yargs';
import type { Doing } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { GlobalOptions } from './options.ts';

export interface Command<T extends GlobalOptions = GlobalOptions> {
  readonly name: string;
  /** As yargs wants it: `run <scenario>`. */
  readonly usage: string;
  readonly describe: string;
  /** Whether shells may complete a scenario's name. */
  readonly takesScenario?: boolean;
  /** Whether they may complete a template's name. */
  readonly takesTemplate?: boolean;
  builder(yargs: Argv<GlobalOptions>): Argv<T>;
  run(options: T, io: Io, doing: Doing): Promise<ExitCode>;
}
