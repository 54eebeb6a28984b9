/** Commands on the pages are run, and end as the page says. */
import { test, vi } from 'vitest';
import { pagesWithCommands, runPage } from './session.ts';

/** Some pages start many programs, and machines can be busy. */
vi.setConfig({ testTimeout: 300_000 });

test.each(pagesWithCommands(false))('%s: each ends as the page says, and prints what it quotes', runPage);
