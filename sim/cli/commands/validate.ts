/** `zonefall validate`: reads scenarios and says what is wrong with them, without a run. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import { isOfCommandLine } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { type GlobalOptions, withSet } from '../options.ts';

interface ValidateOptions extends GlobalOptions {
  readonly scenarios: readonly string[];
  readonly set: readonly string[];
  readonly json: boolean;
}

/** Raised when a reader of the old shape would misread the new one. */
const SCHEMA_VERSION = 1;

export const validate: Command<ValidateOptions> = {
  name: 'validate',
  usage: 'validate <scenarios..>',
  describe: 'Check scenarios without a run',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withSet(
      yargs.positional('scenarios', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Files, names of shipped scenarios, or - for stdin',
      }),
    ).option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print one JSON document and nothing else',
    }) as unknown as Argv<ValidateOptions>,

  async run(options, io, doing) {
    const [{ openStudy }, { formatIssue, ScenarioError }] = await Promise.all([
      import('../scenario-argument.ts'),
      import('../../../scenarios/index.ts'),
    ]);
    const results = [];
    for (const argument of options.scenarios) {
      doing.scenario = argument;
      try {
        // With all variants that the file states.
        const opened = await openStudy(argument, { set: options.set, vary: [] }, io);
        results.push({ scenario: argument, valid: true, errors: [], warnings: opened.warnings });
        if (options.json) continue;
        if (!options.quiet)
          for (const issue of opened.warnings) io.stderr.write(`warning: ${formatIssue(issue)}\n`);
        const warned = opened.warnings.length;
        io.stdout.write(
          `${argument}: valid${warned === 0 ? '' : `, ${warned} ${warned === 1 ? 'warning' : 'warnings'}`}\n`,
        );
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error;
        results.push({ scenario: argument, valid: false, errors: error.issues, warnings: [] });
        if (!options.json) io.stderr.write(`${error.message}\n`);
      }
    }
    const valid = results.every((result) => result.valid);
    if (options.json)
      io.stdout.write(
        `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, valid, scenarios: results }, null, 2)}\n`,
      );
    if (valid) return exit.OK;
    return isOfCommandLine(results.flatMap(({ errors }) => errors)) ? exit.USAGE : exit.INVALID_SCENARIO;
  },
};
