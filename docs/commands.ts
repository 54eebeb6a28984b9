/** Runs the lines of a `sh` block: zonefall's own in this process, which is quick; others in a shell. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { zonefall } from '../sim/cli/testing.ts';

export interface Line {
  readonly command: string;
  /** As the comment behind it says: `# exit code 1`. */
  readonly expected: number;
}

/** Commands of a block, without comments. */
export function linesOf(block: string): Line[] {
  return block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const comment = /^(.*?)\s+# exit code (\d+)(?:: .*)?$/.exec(line);
      return comment === null
        ? { command: line, expected: 0 }
        : { command: comment[1]!, expected: Number(comment[2]) };
    });
}

export interface Result {
  readonly code: number;
  readonly output: string;
}

/** Their threads start faster from the bundle. */
const MANY_RUNS = /^(?:sweep|compare|plan|sensitivity) /;

/** In the current folder. `bin` is a folder for a stand-in of the installed program. */
export async function runLine(command: string, bin: string): Promise<Result> {
  const shared = SHARED.exec(command);
  if (shared !== null) return onceForAllPages(command, shared.groups!.out!, bin);
  const simple = /^(?:npx )?zonefall (.*?)(?: > (\S+))?$/.exec(command);
  if (simple === null || MANY_RUNS.test(simple[1]!) || /[|;&$<>`(]/.test(unquoted(simple[1]!)))
    return runShell(command.replace(/^npx /, ''), bin);
  const { code, stdout, stderr } = await zonefall(wordsOf(simple[1]!));
  if (simple[2] !== undefined) writeFileSync(simple[2], stdout);
  return { code, output: stdout + stderr };
}

/** Sweeps of what ships with zonefall, with their files: nothing on a page changes what they give. */
const SHARED = /^(?:npx )?zonefall sweep [\w-]+ (?:--(?:runs|seed) \d+ )*--out (?<out>[\w/-]+)$/;
const kept = new Map<string, { readonly result: Result; readonly files: ReadonlyMap<string, Buffer> }>();

/** The README and the how-to show the same sweep; it is made once. */
function onceForAllPages(command: string, out: string, bin: string): Result {
  const words = command.replace(/^npx /, '');
  const before = kept.get(words);
  if (before !== undefined) {
    mkdirSync(out, { recursive: true });
    for (const [name, content] of before.files) writeFileSync(join(out, name), content);
    return before.result;
  }
  const result = runShell(words, bin);
  if (existsSync(out)) {
    const files = new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
    kept.set(words, { result, files });
  }
  return result;
}

function runShell(command: string, bin: string): Result {
  mkdirSync(bin, { recursive: true });
  const program = join(bin, 'zonefall');
  const main = join(process.env.ZONEFALL_BUNDLE!, 'cli.js');
  // Left alone while programs of earlier commands are starting from it.
  if (!existsSync(program)) writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(program, 0o755);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${resolve(bin)}:${process.env.PATH}` },
  });
  return { code: status ?? -1, output: stdout + stderr };
}

/** Words as a shell takes them apart: quotes group, and are gone. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word!.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}

function unquoted(text: string): string {
  return text.replace(/'[^']*'|"[^"]*"/g, '');
}
