import { expect, test } from 'vitest';
import type { StudyDocument } from '../../../reports/study/index.ts';
import { zonefall } from '../testing.ts';

const TEXT = `version: 1
title: Rare
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: manager }
faults:
  - { every: exponential(mean 90d), power-loss: each manager, for: exponential(mean 2h) }
run: { duration: 1d, warm-up: 10s }
`;

const rare = (words: readonly string[], text = TEXT) =>
  zonefall(['sweep', '-', '--workers', '1', '--runs', '2', '--no-out', '--quiet', ...words], { stdin: text });

test('--rare tells what no run met, with an interval, and the same again', async () => {
  const { code, stdout } = await rare(['--rare', '60']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Rare events\n {2}60 cycles of failures .*\n {4}etcd writes from \S+: down \d.\de-\d \(.* to .*\), without a quorum \d.\de-\d \(/,
  );
  expect((await rare(['--rare', '60'])).stdout).toBe(stdout);
});

test('--rare is in the document, with the exact answer beside it', async () => {
  const { stdout } = await rare(['--rare', '150', '--json']);
  const { cells } = JSON.parse(stdout) as StudyDocument;
  const cell = cells.find(({ metric, operation }) => metric === 'rare_down_share' && operation === 'write')!;
  // 3 q^2 (1 - q) + q^3 at q = 2 h / (90 d + 2 h)
  expect(cell.exact).toBeCloseTo(2.565e-6, 8);
  expect(cell.agrees).toBe(true);
});

test('--rare says why there is nothing of the kind', async () => {
  const planned = TEXT.replace(/ {2}- \{ every.*\n/, '').replace(
    'faults:',
    'timeline:\n  - { at: 1h, kill: manager-1, for: 5m }',
  );
  const { stdout } = await rare(['--rare', '10'], planned);
  expect(stdout).toMatch('no rare events: timeline[0]: it is planned');
});

test.each(['1', '-3', '2.5', 'many'])('--rare %s is refused', async (cycles) => {
  const { code, stderr } = await rare([`--rare=${cycles}`]);
  expect(code).toBe(64);
  expect(stderr).toMatch('--rare must be a whole number from 2');
});
