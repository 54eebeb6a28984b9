/** Errors that are the user's to mend, and how any error ends the program. */
import * as exit from './exit-codes.ts';
import type { Io } from './io.ts';
import { internalError, usageHint } from './messages.ts';
import { VERSION } from './version.ts';

/** The command line asks for what cannot be done. The message is one line, fit to print. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Whether the message is about the words of the command line, so that help would help. */
  readonly hint: boolean;

  constructor(message: string, options: { hint?: boolean } = {}) {
    super(message);
    this.hint = options.hint ?? true;
  }
}

/** Ctrl-C. The message says what became of the results. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** What was being done when an error came, for the report of a bug. */
export interface Doing {
  command?: string;
  scenario?: string;
  seed?: string | number;
}

/** By name, too: what goes wrong outside the program. */
const OUTSIDE: ReadonlyMap<string, exit.ExitCode> = new Map([
  ['JournalError', exit.USAGE],
  ['RedisUsageError', exit.USAGE],
  ['RedisUnavailableError', exit.UNAVAILABLE],
]);

/** Whether all that is wrong with a scenario was said on the command line: the file is in order. */
export function isOfCommandLine(issues: readonly { readonly file: string }[]): boolean {
  return issues.length > 0 && issues.every(({ file }) => /^--(set|vary) /.test(file));
}

/** Prints what the user needs to know, and nothing of the program's inside but with ZONEFALL_DEBUG=1. */
export function report(error: unknown, io: Io, doing: Doing): exit.ExitCode {
  if (error instanceof UsageError) {
    io.stderr.write(`zonefall: ${error.message}\n`);
    if (error.hint) io.stderr.write(`${usageHint(doing.command)}\n`);
    return exit.USAGE;
  }
  if (error instanceof InterruptedError) {
    io.stderr.write(`zonefall: ${error.message}\n`);
    return exit.INTERRUPTED;
  }
  // By name: loading the class would load the whole of scenarios/ and reports/ for every command.
  if (error instanceof Error && error.name === 'ScenarioError') {
    io.stderr.write(`${error.message}\n`);
    const { issues = [] } = error as Error & { readonly issues?: readonly { readonly file: string }[] };
    return isOfCommandLine(issues) ? exit.USAGE : exit.INVALID_SCENARIO;
  }
  if (error instanceof Error && error.name === 'ReportWriteError') {
    io.stderr.write(`zonefall: ${error.message}\n`);
    return exit.USAGE;
  }
  const code = error instanceof Error ? OUTSIDE.get(error.name) : undefined;
  if (code !== undefined) {
    io.stderr.write(`zonefall: ${(error as Error).message}\n`);
    return code;
  }
  io.stderr.write(internalError(VERSION, error, doing, io.env.ZONEFALL_DEBUG === '1'));
  return exit.INTERNAL;
}
