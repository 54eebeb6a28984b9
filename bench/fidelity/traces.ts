/**
 * Step traces of etcd-io/raft (facts/conformance.md, ground-truth/raft-traces.jsonl): after each step the state of every node.
 * Beside the folder's traces a sample that is part of the repository, so that the rules of single steps are held everywhere.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { runConformance } from '../conformance/run.ts';
import type { Comparison } from './comparison.ts';
import { judgeFigures } from './judge.ts';
import { suite } from './suite.ts';

const SAMPLE = fileURLToPath(new URL('../conformance/sample.jsonl', import.meta.url));
const NOTES_MAX = 3;

function compare(name: string, source: string, file: string): Comparison {
  const random = new RandomStream(1, 'fidelity/traces');
  let draws = 0;
  const lines: string[] = [];
  const io = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
  // No trace depends on what is drawn.
  runConformance([file], (spread) => random.integer(draws++, spread), io);
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1) ?? '') ?? [];
  if (passed === undefined) throw new Error(`${file}: ${lines.join('; ')}`);
  const count = Number(passed) + Number(failed);
  return judgeFigures(
    { name: `traces/${name}`, source, unit: '', note: lines.slice(0, -1).slice(0, NOTES_MAX).join('; ') },
    { measured: count, predicted: count },
    'every trace is reproduced: state, term, leader, vote, log, commit and elapsed ticks of every node after every step',
    { 'traces reproduced': { measured: count, predicted: Number(passed), allowed: 0 } },
  );
}

export const traces = suite('traces', ({ data, progress }) => {
  progress('step by step');
  const comparisons = [
    compare('sample', 'bench/conformance/sample.jsonl: etcd-io/raft v3.6.0-alpha.0', SAMPLE),
  ];
  const file = data === null ? null : join(data, 'raft-traces.jsonl');
  if (file !== null && existsSync(file)) {
    comparisons.push(compare('ground-truth', 'raft-traces.jsonl: etcd-io/raft v3.6.0-alpha.0', file));
  }
  return comparisons;
});
