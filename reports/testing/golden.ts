/**
 * Golden files: what a report looked like when somebody last judged it. `UPDATE_GOLDEN=1 npx vitest run reports`
 * writes them anew; commit only changes that you understand.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', 'golden');

/** Compares with `reports/golden/<name>`. */
export function expectGolden(name: string, actual: string): void {
  const path = join(FOLDER, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(actual, `differs from reports/golden/${name}; UPDATE_GOLDEN=1 rewrites it`).toBe(
    readFileSync(path, 'utf8'),
  );
}
