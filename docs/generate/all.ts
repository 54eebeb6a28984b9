/** Writes the pages that are made from the program: `npm run docs`. docs.test.ts fails when one has grown old. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cliPage } from './cli.ts';
import { profilesPage } from './profiles.ts';
import { scenarioPage } from './scenario.ts';

const at = (page: string) => fileURLToPath(new URL(`../reference/${page}`, import.meta.url));

writeFileSync(at('scenario.md'), scenarioPage());
writeFileSync(at('cli.md'), await cliPage());
writeFileSync(at('profiles.md'), profilesPage());
