/** `zonefall plan`: searches placements and settings; prints what is worth its cost, and which it would take. */
import type { Argv } from 'yargs';
import type { NamedCandidate } from '../../experiments/plan/plan.ts';
import type { Variant } from '../../experiments/study.ts';
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
import { fileWritten } from '../messages.ts';
import { type GlobalOptions, type ScenarioOptions, withScenario } from '../options.ts';
import { shellCommand } from '../shell-words.ts';
import { VERSION } from '../version.ts';

interface PlanOptions extends DecidingOptions, ScenarioOptions {
  readonly save: string | undefined;
}

const STOPPING = { runs: 48, precision: 0.1 };

export const plan: Command<PlanOptions> = {
  name: 'plan',
  usage: 'plan <scenario>',
  describe: 'Search placements: what unavailability, failover and cost to choose from, and which to take',
  takesScenario: true,
  builder: (yargs: Argv<GlobalOptions>) =>
    withDeciding(withScenario(yargs), 'out/<scenario>-plan')
      .option('save', {
        type: 'string',
        requiresArg: true,
        describe: 'Write the chosen option as a scenario of its own',
      })
      .example('$0 plan my.yaml --budget 60s', '')
      .example(
        '$0 plan my.yaml --set plan.cost.node=1000 --save chosen.yaml',
        '',
      ) as unknown as Argv<PlanOptions>,

  async run(options, io, doing) {
    doing.scenario = options.scenario;
    const [{ openSettings, printWarnings }, { formatIssue, ScenarioError }, { settingsOf }] =
      await Promise.all([
        import('../scenario-argument.ts'),
        import('../../../scenarios/index.ts'),
        import('../../../scenarios/plan-settings.ts'),
      ]);
    const variantsOf = await openSettings(options.scenario, options.set, io);
    const opened = variantsOf([]);
    if (!options.quiet) printWarnings(opened, io, formatIssue);
    const { plan: spec, scenario, stated } = opened;
    if (spec.groups.length === 0 && spec.settings.length === 0)
      throw new UsageError(
        `there is nothing to plan: no group of nodes of ${options.scenario} votes as a whole; state plan.place or plan.vary`,
        { hint: false },
      );
    if (options.save !== undefined) await checkSave(options.save);
    const stopping = stoppingOf(options, STOPPING);
    const folder = await folderOf(options.out, `out/${opened.name}-plan`);
    const seed = await seedFor(options, opened.seed, io, doing);

    const [{ PlanTooLargeError, searchPlan }, { optionName }, { isPlanPrecise, planOf }, reports] =
      await Promise.all([
        import('../../experiments/plan/search.ts'),
        import('../../experiments/plan/name.ts'),
        import('../../experiments/plan/plan.ts'),
        import('../../../reports/decisions/index.ts'),
      ]);
    const search = (() => {
      try {
        return searchPlan(scenario, spec);
      } catch (error) {
        if (error instanceof PlanTooLargeError) throw new UsageError(error.message, { hint: false });
        throw error;
      }
    })();
    const candidates: NamedCandidate[] = [];
    const variants: Variant[] = [];
    const unfit: { name: string; why: string }[] = [];
    for (const candidate of search.kept) {
      const name = optionName(candidate, spec);
      const current = candidate.current && candidate.settings.length === 0;
      const set = current ? [] : settingsOf(candidate, spec, stated);
      try {
        variants.push({ name, settings: {}, scenario: variantsOf(set).scenario });
      } catch (error) {
        // A script that names a node which this option has not.
        if (!(error instanceof ScenarioError)) throw error;
        unfit.push({ name, why: error.issues[0]?.message ?? error.message });
        continue;
      }
      candidates.push({ candidate, name, set });
    }
    if (variants.length === 0)
      throw new UsageError(`no option fits the file: ${unfit[0]?.name}: ${unfit[0]?.why}`, { hint: false });
    const study = { seed, variants };
    const { result: swept, elapsedMs } = await runStudy(
      study,
      stopping,
      isPlanPrecise(study, spec.systems, stopping.precision ?? 0),
      options,
      io,
      true,
    );
    const result = planOf(swept, candidates, spec.systems);
    const chosen = result.choice?.point;
    const sets = [...options.set, ...(chosen?.set ?? [])].flatMap((each) => ['--set', each]);
    const next =
      chosen === undefined
        ? []
        : [shellCommand(['zonefall', 'run', options.scenario, ...sets, '--seed', `${seed}/0`])];
    const report = { result, search, spec, unfit, next };
    const request = { scenario: options.scenario, set: options.set };
    const document = reports.planDocument(report, request, VERSION);
    const written =
      folder === undefined || result.runs === 0 ? [] : await reports.writePlan(report, document, folder);
    if (options.json) io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else
      io.stdout.write(
        reports.planSummary(report, {
          color: stdoutColor(io, options.color),
          columns: columnsOf(io.stdout),
        }),
      );
    if (options.save !== undefined && chosen !== undefined) {
      const { writeFile } = await import('node:fs/promises');
      const { scenarioText } = await import('../../../scenarios/scenario-text.ts');
      const about = `Chosen by zonefall plan ${options.scenario}: ${chosen.name}`;
      await writeFile(options.save, scenarioText(variantsOf(chosen.set).stated, about));
      if (!options.quiet) io.stderr.write(fileWritten(options.save));
    }
    await finishStudy(swept, elapsedMs, folder, written, io, options.quiet);
    if (chosen === undefined) return exit.INCONCLUSIVE;
    if (chosen.objectives === 'fail') return exit.FAIL;
    return chosen.objectives === 'inconclusive' ? exit.INCONCLUSIVE : exit.OK;
  },
};

/** Before a long search, not after it. */
async function checkSave(file: string): Promise<void> {
  const { existsSync } = await import('node:fs');
  if (existsSync(file)) throw new UsageError(`${file} exists: --save writes a new file`, { hint: false });
}
