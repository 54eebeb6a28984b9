/** Runs the commands of a page. A page is one session: later commands use the files of earlier ones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { linesOf, runLine } from './commands.ts';
import { blocksOf } from './markdown.ts';
import { allPages, read } from './pages.ts';

/** What CI does before these tests, and what no test can do: the README's two commands. */
const DONE_BY_CI = /^npm ci && npm (start|test)$/;

const MANY_RUNS = /^(?:npx )?zonefall (?:sweep|compare|plan|sensitivity) /m;

/** Pages with commands; apart those whose commands make many runs. */
export function pagesWithCommands(manyRuns: boolean): string[] {
  return allPages().filter((page) => {
    const shells = blocksOf(read(page)).filter(({ language }) => language === 'sh');
    return shells.length > 0 && shells.some(({ text }) => MANY_RUNS.test(text)) === manyRuns;
  });
}

/** Every command ends as the page says, and prints what the page quotes. */
export async function runPage(page: string): Promise<void> {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-page-'));
  process.chdir(folder);
  try {
    let printed = '';
    for (const { language, text, line } of blocksOf(read(page))) {
      if (language === 'text' && printed !== '') {
        for (const quoted of text.split('\n').map(inOneSpace)) {
          if (quoted !== '' && quoted !== '...')
            expect(inOneSpace(printed), `${page}:${line}`).toContain(quoted);
        }
      }
      printed = '';
      if (language !== 'sh') continue;
      for (const { command, expected } of linesOf(text)) {
        if (DONE_BY_CI.test(command)) continue;
        const { code, output } = await runLine(command, join(folder, '.bin'));
        expect(code, `${page}:${line}: ${command}\n${output}`).toBe(expected);
        printed += output;
      }
    }
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Columns and line breaks are not quoted, only words. */
function inOneSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
