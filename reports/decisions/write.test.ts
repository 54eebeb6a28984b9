import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SweepResult } from '../../sim/experiments/sweep.ts';
import { MADE_UP_ROWS, madeUp, smallVariant } from '../../sim/experiments/testing.ts';
import { costsOf, writeSensitivity } from './write.ts';

test('no picture of inputs is written where none was turned, and an older one goes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-components-'));
  try {
    writeFileSync(join(folder, 'tornado.svg'), 'of an earlier command');
    const result: SweepResult = {
      study: { variants: [smallVariant('a')], seed: 1 },
      rows: [MADE_UP_ROWS],
      outcomes: [[madeUp(0, 0, 0)]],
      stopped: 'runs',
    };
    await writeSensitivity({ result, runs: 1, tornado: [], importance: [], leftOut: [] }, {}, folder);
    expect(readdirSync(folder).toSorted()).toEqual(['runs.csv', 'sensitivity.csv', 'sensitivity.json']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('costs are nodes where the file states none, and money where it does', () => {
  const none = { node: 1, groups: {}, extra: {}, site: 0 };
  expect(costsOf(none)).toBe('nodes');
  expect(costsOf({ ...none, node: 4_000 })).toBe('money');
  expect(costsOf({ ...none, groups: { dtr: 2 } })).toBe('money');
  expect(costsOf({ ...none, extra: { 'us-west/a': 1 } })).toBe('money');
  expect(costsOf({ ...none, site: 1 })).toBe('money');
});
