import { readFileSync } from 'node:fs';
import { replay } from './replay.ts';
import { parseTrace, TraceError } from './trace.ts';

export const EXIT_SAME = 0;
export const EXIT_DIFFERS = 1;
export const EXIT_USAGE = 64;
export const EXIT_INVALID = 65;

const USAGE = 'Usage: npm run conformance -- FILE.jsonl [FILE...]';

/** Where a run writes its lines, so that a test can read them. */
export interface Output {
  out(line: string): void;
  error(line: string): void;
}

/** Replays all traces of the files, says which differ and where, and returns the exit code. */
export function runConformance(
  files: readonly string[],
  drawTimeout: (spread: number) => number,
  to: Output,
): number {
  if (files.length === 0 || files.some((file) => file.startsWith('-'))) {
    to.error(USAGE);
    return EXIT_USAGE;
  }
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const text = read(file, to);
    if (text === null) return EXIT_INVALID;
    for (const [i, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      try {
        if (replayLine(line, drawTimeout, to)) passed++;
        else failed++;
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        to.error(`${file}:${i + 1}: ${error.message}`);
        return EXIT_INVALID;
      }
    }
  }
  to.out(`${passed} passed, ${failed} failed`);
  return failed > 0 ? EXIT_DIFFERS : EXIT_SAME;
}

function replayLine(line: string, drawTimeout: (spread: number) => number, to: Output): boolean {
  const trace = parseTrace(line);
  const difference = replay(trace, drawTimeout);
  if (difference === null) return true;
  const { step, op, node, field, expected, got } = difference;
  to.out(`${trace.id}: step ${step} "${op}": node ${node}: ${field}: expected ${expected}, got ${got}`);
  return false;
}

function read(file: string, to: Output): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    to.error(`${file}: cannot be read: ${(error as Error).message}`);
    return null;
  }
}
