/**
 * Real etcd, Docker Swarm and memberlist in set-ups that ground-truth/ does not have, measured when the model stood
 * (lab/README.md), and compared as those are.
 */
import { fileURLToPath } from 'node:url';
import type { Comparison } from './comparison.ts';
import { etcd } from './etcd.ts';
import { serf } from './serf.ts';
import { suite } from './suite.ts';
import { swarm } from './swarm.ts';

const DATA = fileURLToPath(new URL('lab/data', import.meta.url));

export const lab = suite('lab', async (options) => {
  const found: Comparison[] = [];
  for (const { run } of [etcd, swarm, serf]) found.push(...(await run({ ...options, data: DATA })));
  return found.map((one) => ({ ...one, name: `lab/${one.name}`, source: `lab/${one.source}` }));
});
