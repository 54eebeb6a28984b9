/**
 * The longest tests begin first, so that none of them is alone at the end. Vitest orders by what it remembers of the last
 * run, which a fresh clone does not have.
 */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first. Most of what the first ones take is waiting for other programs. */
const LONG = [
  'sim/cli/machines.test.ts',
  'docs/commands-of-many-runs.test.ts',
  'sim/experiments/engines/bullmq/bullmq.test.ts',
  'sim/parking.test.ts',
  'sim/experiments/known-answers/known-answers.test.ts',
  'sim/experiments/rare/rare-events.test.ts',
  'bench/fidelity/run.test.ts',
  'docs/commands.test.ts',
  'scenarios/load.property.test.ts',
  'scenarios/studies.test.ts',
  'scenarios/library.test.ts',
  'sim/protocols/raft/safety.test.ts',
  'sim/protocols/rethinkdb/safety.test.ts',
  'sim/cli/commands/sensitivity.test.ts',
  'sim/experiments/exact/answers.test.ts',
  'sim/cli/commands/sweep.test.ts',
  'scenarios/incidents.test.ts',
  'sim/cli/commands/plan.test.ts',
  'sim/cli/main.test.ts',
  'sim/simulate.test.ts',
];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.indexOf(relative(process.cwd(), moduleId));
      return at < 0 ? LONG.length : at;
    };
    return others.toSorted((a, b) => rank(a) - rank(b));
  }
}
