/** Managers in three datacenters, so and so far apart, and latency spikes past each time-out of the deck's table. */
import { type GeneratedFile, head } from './scenario-text.ts';

const RTTS_MS = [1, 40, 100, 400];

/** What the spike adds to each message, and what its size is for. */
const SPIKES = [
  ['600ms', "past the table's 500 ms of etcd: that is its heartbeat, and nothing happens"],
  ['4200ms', 'past the 3000 ms of Swarm, whose time-outs are drawn from 3 to 5 s'],
  ['9600ms', "past the 5000 ms of etcd's elections, drawn from 5 to 9.5 s"],
  ['11s', 'past the 10000 ms of RethinkDB, which gives a silent connection up only after 14 to 16 s'],
  ['17s', 'past what RethinkDB really waits'],
] as const;

export function latencySpikes(): GeneratedFile[] {
  return RTTS_MS.map((rtt) => ({ path: `latency/spikes-at-${rtt}ms.yaml`, text: spikes(rtt) }));
}

function spikes(rtt: number): string {
  const description =
    `Three managers, one in each of three datacenters ${rtt} ms apart. Every five minutes the links between them get slower for a minute, each time ` +
    "past another time-out of the deck's table. A steady delay harms nobody: it is the gap at its beginning that looks like silence to a follower. " +
    'While it lasts no election can end, as the votes take longer than the next time-out. Each system breaks at its own threshold: Swarm at the second ' +
    'spike, etcd at the third, RethinkDB only at the last.';
  const lines = SPIKES.flatMap(([size, what], i) => [
    `  # ${what}`,
    `  - { at: ${2 + 5 * i}m, delay: { between: [managers, managers], add-one-way: ${size} }, for: 1m }`,
  ]);
  return `${head('latency-spikes.ts', 'pass', `Latency spikes between datacenters ${rtt} ms apart`, description)}

topology:
  west: { region: us }
  central: { region: us }
  east: { region: us }

network:
  between-datacenters: { rtt: ${rtt}ms }

nodes:
  manager: { count: 3, spread: datacenter }

systems:
  swarm: { members: managers }
  etcd: { members: managers }
  rethink: { members: managers }

timeline:
${lines.join('\n')}

# How many of the five spikes stopped writes: four, three and one. Now and then one spike stops them twice.
objectives:
  - swarm write outages from us >= 4
  - etcd write outages from us >= 3
  - etcd write outages from us <= 5
  - rethink write outages from us >= 1
  - rethink write outages from us <= 2

run:
  duration: 27m
`;
}
