/** `npm run bench [-- NAME ...]`: prints each table beside its goal. Figures are medians of one run on one machine; compare ratios. */
import Table from 'cli-table3';
import { gossipSection } from './gossip.ts';
import { kernelSection } from './kernel.ts';
import { machinesSection } from './machines.ts';
import { parkingSection } from './parking.ts';
import { peersSection } from './peers.ts';
import { raftSection } from './raft.ts';
import type { Section } from './section.ts';
import { startupSection } from './startup.ts';

const SECTIONS: Readonly<Record<string, () => Promise<Section>>> = {
  kernel: kernelSection,
  gossip: gossipSection,
  machines: machinesSection,
  parking: parkingSection,
  peers: peersSection,
  raft: raftSection,
  startup: startupSection,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in SECTIONS));
if (unknown !== undefined) {
  console.error(`no benchmark is named ${unknown}; there are: ${Object.keys(SECTIONS).join(', ')}`);
  process.exit(64);
}
for (const name of asked.length > 0 ? asked : Object.keys(SECTIONS)) {
  const { title, goal, head, rows } = await SECTIONS[name]!();
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  console.log(`${title}\ngoal: ${goal}\n${table.toString()}\n`);
}
