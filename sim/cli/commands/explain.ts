/** `zonefall explain`: what will happen and what survives, by exact reasoning, without a run. */
import type { Argv } from 'yargs';
import type { Command } from '../command.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, stdoutColor } from '../io.ts';
import { type GlobalOptions, type ScenarioOptions, withScenario } from '../options.ts';

interface ExplainOptions extends ScenarioOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

export const explain: Command<ExplainOptions> = {
  name: 'explain',
  usage: 'explain <scenario>',
  describe: 'Say what survives the loss of each node, zone and datacenter, without a run',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withScenario(yargs)
      .option('verbose', {
        type: 'boolean',
        default: false,
        describe: 'Also every default that was assumed, with its source',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print one JSON document and nothing else',
      }) as Argv<ExplainOptions>,

  async run(options, io, doing) {
    doing.scenario = options.scenario;
    const [{ openScenario, printWarnings }, { formatIssue }, { explain: explainScenario }] =
      await Promise.all([
        import('../scenario-argument.ts'),
        import('../../../scenarios/index.ts'),
        import('../explain/explanation.ts'),
      ]);
    const opened = await openScenario(options.scenario, options.set, io);
    if (!options.quiet) printWarnings(opened, io, formatIssue);
    const explanation = explainScenario(opened.scenario);
    const assumptions = options.verbose
      ? (await import('../explain/assumptions.ts')).assumptionsOf(opened)
      : undefined;
    if (options.json) {
      io.stdout.write(
        `${JSON.stringify({ ...explanation, ...(assumptions === undefined ? {} : { assumptions }) }, null, 2)}\n`,
      );
      return exit.OK;
    }
    const { explanationText } = await import('../explain/text.ts');
    const color = stdoutColor(io, options.color);
    io.stdout.write(explanationText(explanation, { color, columns: columnsOf(io.stdout) }, assumptions));
    return exit.OK;
  },
};
