/** Before the tests: the program as users have it, in a folder of this run's own; its path is ZONEFALL_BUNDLE. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';

export default function setup() {
  // Where dist/ is: beside the packages and the shipped scenarios.
  const folder = resolve(`.bundle-${process.pid}`);
  execFileSync(process.execPath, ['build.mjs', folder]);
  process.env.ZONEFALL_BUNDLE = folder;
  // The cores have other tests to run. Where threads are what is tested, they are asked for.
  process.env.ZONEFALL_WORKERS ??= '1';
  return () => rmSync(folder, { recursive: true, force: true });
}
