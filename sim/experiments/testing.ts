/** Small studies and made-up outcomes for tests. */
import { loadScenario } from '../../scenarios/load.ts';
import { SECOND } from '../kernel/time.ts';
import type { Engine } from './engine.ts';
import type { OperationOutcome, OutcomeRows, RunOutcome } from './outcome.ts';
import { runChunk } from './run-chunk.ts';
import type { Study, Variant } from './study.ts';

/** Three etcd members in three zones; a zone is lost for a minute, and members are killed at random. About 20 ms a run. */
export const SMALL_TEXT = `version: 1
title: Small
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: manager }
timeline:
  - { at: 30s, zone-outage: dc/b, for: 20s }
faults:
  - { every: exponential(mean 1m), kill: any manager, for: 15s }
objectives:
  - etcd write availability from dc/a >= 50%
run: { duration: 2m, warm-up: 10s }
`;

export function smallVariant(name = 'small', set: readonly string[] = []): Variant {
  return { name, settings: {}, scenario: loadScenario(SMALL_TEXT, { set }).scenario };
}

export function smallStudy(counts: readonly number[] = [3]): Study {
  return {
    seed: 7,
    variants: counts.map((count) => ({
      ...smallVariant(`nodes.manager.count=${count}`, [`nodes.manager.count=${count}`]),
      settings: { 'nodes.manager.count': String(count) },
    })),
  };
}

/** Of the made-up outcomes below: one system, one operation, two vantages, a run of 1000 s. */
export const MADE_UP_ROWS: OutcomeRows = {
  durationUs: 1000 * SECOND,
  operations: [
    { system: 'etcd', operation: 'write', vantage: 'dc' },
    { system: 'etcd', operation: 'write', vantage: 'dc/a' },
  ],
  systems: ['etcd'],
};

const NOTHING: OperationOutcome = {
  downUs: 0,
  degradedUs: 0,
  waitingUs: 0,
  outagesUs: [],
  cutOff: false,
  causes: [],
};

/** Down for so long, in one outage. */
function downFor(downUs: number): OperationOutcome {
  return downUs === 0
    ? NOTHING
    : { ...NOTHING, downUs, outagesUs: [downUs], causes: [['kill any manager', downUs]] };
}

/** Down from the first vantage for so long, in one outage; from the second, when it is given, for another time. */
export function madeUp(
  variant: number,
  run: number,
  downUs: number,
  more: Partial<Pick<RunOutcome, 'objectives' | 'idleFaults'>> &
    Partial<RunOutcome['systems'][number]> & { readonly secondUs?: number } = {},
): RunOutcome {
  const { objectives = [], idleFaults = [], secondUs = downUs, ...system } = more;
  return {
    variant,
    run,
    operations: [downFor(downUs), downFor(secondUs)],
    systems: [{ failovers: [], campaigns: 0, elections: 0, splitVotes: 0, highestTerm: 1, ...system }],
    objectives,
    faults: 0,
    idleFaults,
  };
}

/** Works on several chunks at once and ends them in an order of its own: the last that came first. */
export function contraryEngine(study: Study, parallel: number): Engine & { readonly chunks: string[] } {
  const chunks: string[] = [];
  let waiting: (() => void)[] = [];
  const release = () => {
    const now = waiting.reverse();
    waiting = [];
    for (const go of now) go();
  };
  return {
    parallel,
    chunks,
    async execute(chunk, signal) {
      chunks.push(`${chunk.variant}:${chunk.from}-${chunk.to}`);
      setTimeout(release, 2);
      await new Promise<void>((go) => waiting.push(go));
      signal.throwIfAborted();
      return runChunk(study, chunk);
    },
    async close() {},
  };
}
