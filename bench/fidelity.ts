// npm run fidelity [-- --only NAME] [-- --data DIR] [-- --short]: holds the model against measured systems and exact answers.
import { fileURLToPath } from 'node:url';
import { runFidelity } from './fidelity/run.ts';
import { SUITES } from './fidelity/suites.ts';

const place = (path: string) => fileURLToPath(new URL(path, import.meta.url));

process.exitCode = await runFidelity(
  process.argv.slice(2),
  SUITES,
  { page: place('../docs/accuracy.md'), defaultData: place('../../shared/ground-truth') },
  { out: (line) => console.log(line), error: (line) => console.error(line) },
);
