/** `zonefall sensitivity`: each input lower and higher, each component perfect; what the answer hangs on. */
import type { Argv } from 'yargs';
import type { Input } from '../../experiments/sensitivity/inputs.ts';
import type { Command } from '../command.ts';
import {
  type DecidingOptions,
  finishStudy,
  folderOf,
  runStudy,
  seedFor,
  stoppingOf,
  withDeciding,
} from '../deciding.ts';
import { UsageError } from '../errors.ts';
import * as exit from '../exit-codes.ts';
import { columnsOf, stdoutColor } from '../io.ts';
import { type GlobalOptions, type ScenarioOptions, withScenario } from '../options.ts';
import { VERSION } from '../version.ts';

interface SensitivityOptions extends DecidingOptions, ScenarioOptions {
  readonly vary: readonly string[];
  readonly factor: string;
  readonly of: 'all' | 'inputs' | 'components';
}

const STOPPING = { runs: 48, precision: 0.1 };
const FACTOR_MAX = 1_000;

export const sensitivity: Command<SensitivityOptions> = {
  name: 'sensitivity',
  usage: 'sensitivity <scenario>',
  describe: 'What the answer hangs on: each input lower and higher, each component perfect',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withDeciding(withScenario(yargs), 'out/<scenario>-sensitivity')
      .option('factor', {
        type: 'string',
        requiresArg: true,
        default: '2',
        describe: 'Each input is divided and multiplied by this',
      })
      .option('vary', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [],
        defaultDescription: 'none',
        describe: 'Another input with its range: --vary systems.etcd.election=500ms,5s (repeatable)',
      })
      .option('of', {
        choices: ['all', 'inputs', 'components'] as const,
        default: 'all',
        requiresArg: true,
        describe: 'Only inputs, or only components',
      })
      .example('$0 sensitivity my.yaml --runs 32', '') as unknown as Argv<SensitivityOptions>,

  async run(options, io, doing) {
    doing.scenario = options.scenario;
    const factor = Number(options.factor);
    if (!(factor > 1 && factor <= FACTOR_MAX))
      throw new UsageError(`--factor is a number above 1 and at most ${FACTOR_MAX}, not "${options.factor}"`);
    const [{ openSettings, openStudy, printWarnings }, { formatIssue }] = await Promise.all([
      import('../scenario-argument.ts'),
      import('../../../scenarios/index.ts'),
    ]);
    // stdin can be read but once: ranges of its own need a file.
    if (options.vary.length > 0 && options.scenario === '-')
      throw new UsageError('--vary needs a scenario in a file, not -');
    const opened = (await openSettings(options.scenario, options.set, io))([]);
    if (!options.quiet) printWarnings(opened, io, formatIssue);
    const stated: Input[] = [];
    for (const vary of options.vary) {
      const { variants } = await openStudy(
        options.scenario,
        { set: [...options.set, 'study={}'], vary: [vary] },
        io,
      );
      if (variants.length !== 2)
        throw new UsageError(`--vary ${vary}: a range has two ends, like systems.etcd.election=500ms,5s`);
      const [low, high] = variants.map(({ settings, scenario }) => ({
        value: { kind: 'text' as const, text: Object.values(settings)[0] ?? '' },
        scenario,
      }));
      stated.push({ name: vary.slice(0, vary.indexOf('=')), kind: 'stated', low: low!, high: high! });
    }
    const stopping = stoppingOf(options, STOPPING);
    const folder = await folderOf(options.out, `out/${opened.name}-sensitivity`);
    const seed = await seedFor(options, opened.seed, io, doing);

    const [{ inputsOf }, { componentsOf }, sensitivities, reports] = await Promise.all([
      import('../../experiments/sensitivity/inputs.ts'),
      import('../../experiments/sensitivity/components.ts'),
      import('../../experiments/sensitivity/sensitivity.ts'),
      import('../../../reports/decisions/index.ts'),
    ]);
    const inputs = options.of === 'components' ? [] : [...stated, ...inputsOf(opened.scenario, factor)];
    const components = options.of === 'inputs' ? [] : componentsOf(opened.scenario);
    if (inputs.length + components.length === 0)
      throw new UsageError('there is nothing to vary: no fault, no timer and no link matters here', {
        hint: false,
      });
    const plan = sensitivities.planSensitivity(opened.scenario, seed, inputs, components);
    const isEnough = sensitivities.isSensitivityPrecise(plan, stopping.precision ?? 0);
    const { result, elapsedMs } = await runStudy(plan.study, stopping, isEnough, options, io, false);
    const found = sensitivities.sensitivityOf(plan, reports.inputWords, result);
    const { scenario, set, vary } = options;
    const document = reports.sensitivityDocument(found, { scenario, set, vary, factor }, VERSION);
    const written =
      folder === undefined || found.runs === 0 ? [] : await reports.writeSensitivity(found, document, folder);
    if (options.json) io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else
      io.stdout.write(
        reports.sensitivitySummary(found, {
          color: stdoutColor(io, options.color),
          columns: columnsOf(io.stdout),
        }),
      );
    await finishStudy(result, elapsedMs, folder, written, io, options.quiet);
    return found.runs > 0 ? exit.OK : exit.INCONCLUSIVE;
  },
};
