/** Commands on the pages that make many runs; in a file of their own, so that a second core can take them. */
import { test, vi } from 'vitest';
import { pagesWithCommands, runPage } from './session.ts';

/** Some pages start many programs, and machines can be busy. */
vi.setConfig({ testTimeout: 300_000 });

test.each(pagesWithCommands(true))('%s: each ends as the page says, and prints what it quotes', runPage);
