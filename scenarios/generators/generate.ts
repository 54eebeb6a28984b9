/** Writes the generated part of the library: `npx tsx scenarios/generators/generate.ts`. A test keeps both in step. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './index.ts';

const library = fileURLToPath(new URL('../library/', import.meta.url));
for (const { path, text } of generatedFiles()) {
  mkdirSync(dirname(library + path), { recursive: true });
  writeFileSync(library + path, text);
}
