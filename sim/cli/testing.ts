/** The command line in a test: words in; what was printed, and the exit code, out. */
import { runCli } from './cli.ts';
import type { ExitCode } from './exit-codes.ts';
import { InputTooLongError, type Io } from './io.ts';

export interface Outcome {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Gives the way to press Ctrl-C, each time the program begins to listen for it; `before`: how often it did already. */
  readonly listening?: (interrupt: () => void, before: number) => void;
}

/** Threads that start from sources cost more than the runs of a test; those that are asked for start. */
const ONE_WORKER = { ZONEFALL_WORKERS: '1' };

export async function zonefall(words: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { stdin = '', isTTY = false, columns, listening } = surroundings;
  const env = { ...ONE_WORKER, ...surroundings.env };
  let listened = 0;
  const printed = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      printed[name] += text;
    },
    isTTY,
    columns,
  });
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
    stdinIsTTY: false,
    readStdin: async (maxBytes) => {
      const bytes = typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin;
      if (bytes.length > maxBytes) throw new InputTooLongError();
      return bytes;
    },
    onInterrupt: (callback) => {
      listening?.(callback, listened++);
      return () => {};
    },
  };
  const code = await runCli(words, io);
  return { code, ...printed };
}

/** A small scenario: three etcd members in three zones; a zone is lost for a minute of four. */
export const SMALL = `version: 1
title: Small
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: manager }
timeline:
  - { at: 1m, zone-outage: dc/b, for: 1m }
objectives:
  - etcd write availability from dc/a >= 90%
run: { duration: 4m }
`;

/** Machines and zones fail by themselves, often enough that a quarter of an hour shows it. */
export const LIFE = `version: 1
title: Fails often
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: manager }
faults:
  - { every: exponential(mean 4m), power-loss: each manager, for: exponential(mean 30s) }
  - { every: exponential(mean 15m), zone-outage: each zone, for: exponential(mean 1m) }
run: { duration: 15m, warm-up: 30s }
`;
