// The runner: its verdicts, messages and exit codes, and the traces of the real library.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT_DIFFERS, EXIT_INVALID, EXIT_SAME, EXIT_USAGE, runConformance } from './run.ts';

const SAMPLE = new URL('sample.jsonl', import.meta.url).pathname;
const SHARED = new URL('../../../shared/ground-truth/raft-traces.jsonl', import.meta.url).pathname;

function dice(seed: number): (spread: number) => number {
  let state = seed;
  return (spread) => {
    state = (state * 48271) % 2147483647;
    return state % spread;
  };
}

function run(files: string[], seed = 1): { code: number; out: string[]; errors: string[] } {
  const out: string[] = [];
  const errors: string[] = [];
  const to = { out: (line: string) => out.push(line), error: (line: string) => errors.push(line) };
  return { code: runConformance(files, dice(seed), to), out, errors };
}

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const sample = () => readFileSync(SAMPLE, 'utf8').trim().split('\n');

describe('traces of etcd-io/raft', () => {
  // Whatever the draws: no trace depends on them.
  test.each([1, 2, 3, 4, 5])('the sample, seed %d', (seed) => {
    const lines = sample().length;
    expect(run([SAMPLE], seed)).toEqual({ code: EXIT_SAME, out: [`${lines} passed, 0 failed`], errors: [] });
  });

  test.runIf(existsSync(SHARED)).each([1, 2, 3, 4, 5])(
    'all that are beside the checkout, seed %d',
    (seed) => {
      const { code, out } = run([SHARED], seed);
      expect(out).toEqual(['80 passed, 0 failed']);
      expect(code).toBe(EXIT_SAME);
    },
  );
});

describe('a trace that differs', () => {
  test('is told with step, op, node, field and both values', () => {
    const trace = JSON.parse(sample()[0]!);
    trace.steps.at(-1).nodes[1].term += 7;
    const file = fileOf('differs.jsonl', `${JSON.stringify(trace)}\n\n${sample()[1]}\n`);
    const { code, out, errors } = run([file, SAMPLE]);
    const step = trace.steps.at(-1);
    const [first, last] = out;
    expect(first).toBe(
      `${trace.id}: step ${trace.steps.length} "${step.op}": node 2: term: ` +
        `expected ${step.nodes[1].term}, got ${step.nodes[1].term - 7}`,
    );
    expect(last).toBe(`${1 + sample().length} passed, 1 failed`);
    expect([code, errors]).toEqual([EXIT_DIFFERS, []]);
  });

  test('so is an expectation of a transferee', () => {
    const trace = JSON.parse(sample()[0]!);
    trace.steps = [{ op: 'campaign 1; expect-transferee 3', nodes: [] }];
    const { code, out } = run([fileOf('transferee.jsonl', JSON.stringify(trace))]);
    expect(out[0]).toContain('node 1: transferee: expected 3, got 0');
    expect(code).toBe(EXIT_DIFFERS);
  });
});

describe('what cannot be replayed', () => {
  const base = { n: 3, electionTick: 10, heartbeatTick: 1, preVote: false, checkQuorum: false, startTerm: 0 };
  const withOp = (op: string) => JSON.stringify({ id: 'x', ...base, steps: [{ op, nodes: [] }] });

  test.each<[string, string, RegExp]>([
    ['not JSON', '{"id": ', /:1: not JSON: /],
    ['not an object', '[]', /:1: a trace must be an object/],
    ['no id', JSON.stringify({ ...base, steps: [] }), /:1: "id" must be a string/],
    ['no steps', JSON.stringify({ id: 'x', ...base }), /:1: "steps" must be a list/],
    [
      'a wrong flag',
      JSON.stringify({ id: 'x', ...base, preVote: 1, steps: [] }),
      /"preVote" must be true or false/,
    ],
    [
      'wrong ticks',
      JSON.stringify({ id: 'x', ...base, electionTick: 1, steps: [] }),
      /electionTick \(1\) must be greater/,
    ],
    ['unknown op', `${withOp('start')}\n${withOp('campain 1')}`, /:2: step 1: unknown op "campain 1"/],
    ['op with a wrong operand', withOp('tick 1'), /unknown op "tick 1"/],
    ['unknown node', withOp('heal; campaign 9'), /:1: step 1: op "campaign 9": there is no node 9/],
    [
      'unknown state',
      JSON.stringify({
        id: 'x',
        ...base,
        steps: [
          {
            op: 'start',
            nodes: [
              {
                id: 1,
                term: 0,
                lead: 0,
                vote: 0,
                last: 0,
                lastTerm: 0,
                commit: 0,
                elapsed: 0,
                state: 'Boss',
              },
            ],
          },
        ],
      }),
      /step 1: "state" must be one of Follower, Candidate, PreCandidate, Leader, not Boss/,
    ],
  ])('%s', (name, text, message) => {
    const { code, out, errors } = run([fileOf(`${name}.jsonl`, text)]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
    expect([code, out]).toEqual([EXIT_INVALID, []]);
  });

  test('an unreadable file', () => {
    const { code, errors } = run([join(folder, 'nowhere.jsonl')]);
    expect([code, errors.length]).toEqual([EXIT_INVALID, 1]);
    expect(errors[0]).toContain('nowhere.jsonl: cannot be read: ENOENT');
  });

  test('no file', () => {
    const { code, errors } = run([]);
    expect([code, errors]).toEqual([EXIT_USAGE, ['Usage: npm run conformance -- FILE.jsonl [FILE...]']]);
  });
});
