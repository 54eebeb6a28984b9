import { expect, test, vi } from 'vitest';
import { loadScenario } from '../../scenarios/index.ts';
import type { RunOutcome } from '../experiments/outcome.ts';
import { InterruptedError } from './errors.ts';
import type { Io } from './io.ts';
import { LIFE } from './testing.ts';
import { type WorkingOut, workOut } from './working-out.ts';

const { scenario } = loadScenario(LIFE);
const outcomes = [[{}, {}, {}] as RunOutcome[]];

async function working(about: Partial<WorkingOut>, listening: (press: () => void) => void = () => {}) {
  let stderr = '';
  const io = {
    stderr: { write: (text: string) => (stderr += text) },
    onInterrupt: (callback: () => void) => {
      listening(callback);
      return () => {};
    },
  } as unknown as Io;
  const all = {
    result: { outcomes, stopped: 'runs' as const },
    took: undefined,
    keptIn: undefined,
    ...about,
  };
  const failure = await workOut([scenario], all, io, false).catch((error: unknown) => error);
  return { stderr, failure };
}

test('after runs that took long it is told that the answer takes time; after short ones, once it does', async () => {
  const long = await working({ took: { ms: 30_300, words: '30.3 s' } });
  expect(long).toEqual({ stderr: '30.3 s of runs; working out the answer ...\n', failure: undefined });
  expect((await working({ took: { ms: 300, words: '300 ms' } })).stderr).toBe('');
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 600));
  try {
    expect((await working({})).stderr).toBe('working out the answer ...\n');
  } finally {
    clock.mockRestore();
  }
});

test('after Ctrl-C another one leaves without an answer, and says what is kept', async () => {
  const result = { outcomes, stopped: 'interrupted' as const };
  const { stderr, failure } = await working({ result, keptIn: 'out/here' }, (press) => press());
  expect(stderr).toBe('interrupted; working out what 3 runs say (Ctrl-C again leaves it) ...\n');
  expect(failure).toBeInstanceOf(InterruptedError);
  expect((failure as Error).message).toBe(
    'interrupted before there was an answer; 3 runs are kept in out/here, and the same command goes on from there',
  );
  const nowhere = await working({}, (press) => press());
  expect((nowhere.failure as Error).message).toBe(
    'interrupted before there was an answer; nothing was written',
  );
});
