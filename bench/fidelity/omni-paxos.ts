/**
 * Omni-Paxos (EuroSys'23), table 1, the Raft columns: whether the group makes progress under three kinds of partial
 * connectivity, plain and with the PreVote and CheckQuorum patch. Source: facts/incidents.md 5 (table and artifact README).
 */
import type { Comparison } from './comparison.ts';
import { judgeFigures } from './judge.ts';
import { SETTINGS, TOPOLOGIES, watch } from './partial-connectivity.ts';
import { suite } from './suite.ts';

const PAPER = { mode: 'paper', preVote: false, checkQuorum: false } as const;

interface Row {
  readonly name: string;
  readonly topology: string;
  readonly parameters: Parameters<typeof watch>[1];
  /** The table: 1 = progress. */
  readonly progress: 0 | 1;
  readonly open?: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'quorum-loss-plain',
    topology: 'star',
    parameters: PAPER,
    progress: 0,
    open: 'the table marks Raft down here, with a footnote that the patch helps; the README of its own artifact says that plain Raft recovers, etcd-io/raft without both options does too (conformance G2), and so does the model: the hub of the star times out, or is deposed by a higher term, and wins with its four links',
  },
  { name: 'quorum-loss-patched', topology: 'star', parameters: SETTINGS.both, progress: 1 },
  { name: 'constrained-plain', topology: 'constrained', parameters: PAPER, progress: 0 },
  { name: 'constrained-patched', topology: 'constrained', parameters: SETTINGS.both, progress: 0 },
  {
    name: 'chained-plain',
    topology: 'chain',
    parameters: PAPER,
    progress: 0,
    open: 'the table marks a livelock; by the README of its artifact Raft still decides more than Multi-Paxos there. In the model leadership goes to and fro (up to six times a minute seen) until the middle server wins once, which ends it: its two links are a quorum',
  },
  { name: 'chained-patched', topology: 'chain', parameters: SETTINGS.both, progress: 1 },
];

function compare({ name, topology, parameters, progress, open }: Row, trials: number): Comparison {
  const runs = Array.from({ length: trials }, (_, seed) => watch(TOPOLOGIES[topology]!, parameters, seed));
  const served = runs.filter((run) => run.lateService > 0.5).length / trials;
  return judgeFigures(
    {
      name: `omni-paxos/${name}`,
      source: "facts/incidents.md 5: Omni-Paxos, EuroSys'23, table 1",
      unit: '',
      ...(open === undefined ? {} : { openIfDifferent: true, note: open }),
    },
    { measured: 0, predicted: trials },
    'a minute after the fault the group serves where the table has a tick, and does not where it has a cross',
    { progress: { measured: progress, predicted: served, allowed: 0.01 } },
  );
}

export const omniPaxos = suite('omni-paxos', ({ short, progress }) => {
  progress('three topologies');
  return ROWS.map((row) => compare(row, short ? 4 : 40));
});
