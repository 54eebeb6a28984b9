/**
 * The deck's three placements, each with 1, 3, 5 and 7 managers and with 1, 3, 5 and 7 DTR replicas, and two zones as
 * the mistake beside them. All are asked the same question with the same limits, so that their answers can be laid
 * side by side.
 */
import { count, dealt, type GeneratedFile, head, type Outcome } from './scenario-text.ts';

interface Option {
  /** Begins the name of the file. */
  readonly name: string;
  readonly title: string;
  readonly story: string;
  readonly zones: readonly string[];
  readonly remoteWorkers: boolean;
  /** How many managers, with the usual replicas; how many replicas, with the usual managers. */
  readonly managers: readonly number[];
  readonly replicas: readonly number[];
}

const COUNTS = [1, 3, 5, 7];
/** What the deck recommends, and what the other axis is held at. */
const USUAL = 3;
const OTHERS = COUNTS.filter((n) => n !== USUAL);

const OPTIONS: readonly Option[] = [
  {
    name: 'one-zone',
    title: 'One zone',
    story:
      "The deck's first placement: managers, DTR replicas and workers all stand in one zone of one datacenter.",
    zones: ['a'],
    remoteWorkers: false,
    managers: COUNTS,
    replicas: OTHERS,
  },
  {
    name: 'three-zones',
    title: 'Three zones',
    story:
      "The deck's second placement: managers, DTR replicas and workers are spread over three zones of one datacenter.",
    zones: ['a', 'b', 'c'],
    remoteWorkers: false,
    managers: COUNTS,
    replicas: OTHERS,
  },
  {
    name: 'remote-workers',
    title: 'Remote workers',
    story:
      "The deck's third placement: managers and DTR replicas are spread over three zones of one datacenter, and most workers stand in a second datacenter 70 ms away.",
    zones: ['a', 'b', 'c'],
    remoteWorkers: true,
    managers: COUNTS,
    replicas: OTHERS,
  },
  {
    name: 'two-zones',
    title: 'Two zones',
    story: 'A mistake to see: managers and DTR replicas are spread over two zones.',
    zones: ['a', 'b'],
    remoteWorkers: false,
    managers: [3, 5],
    replicas: [],
  },
];

export function placements(): GeneratedFile[] {
  return OPTIONS.flatMap((option) => [
    ...option.managers.map((n) =>
      placement(option, n, USUAL, `${option.name}-${n}-manager${n === 1 ? '' : 's'}`),
    ),
    ...option.replicas.map((n) =>
      placement(option, USUAL, n, `${option.name}-${n}-replica${n === 1 ? '' : 's'}`),
    ),
  ]);
}

function placement(option: Option, managers: number, replicas: number, name: string): GeneratedFile {
  const outcome: Outcome = option.zones.length > 2 && managers > 1 && replicas > 1 ? 'pass' : 'fail';
  const title = `${option.title}, ${count(managers, 'manager')}, ${count(replicas, 'DTR replica')}`;
  const sections = [
    head(
      'placements.ts',
      outcome,
      title,
      [option.story, events(option), verdict(option, managers, replicas)].join(' '),
    ),
    topology(option),
    nodes(option, managers, replicas),
    systems(),
    timeline(option),
    objectives(option),
    `run:\n  duration: ${runMinutes(option)}m`,
  ];
  return { path: `placements/${name}.yaml`, text: `${sections.join('\n\n')}\n` };
}

function events(option: Option): string {
  const zones =
    option.zones.length === 1
      ? 'the zone loses power for five minutes'
      : 'each zone in turn loses power for five minutes';
  const cut = option.remoteWorkers
    ? ', and at last the two datacenters are cut off from each other for five minutes'
    : '';
  return `The leader of Swarm is killed for a minute; then ${zones}${cut}.`;
}

function verdict(option: Option, managers: number, replicas: number): string {
  const layout = (n: number, what: string): string =>
    option.zones.length === 1 || n === 1
      ? count(n, what)
      : `${count(n, what)} (${dealt(n, option.zones.length).join('+')})`;
  const who = `With ${layout(managers, 'manager')} and ${layout(replicas, 'DTR replica')}`;
  if (option.zones.length === 1) {
    const kill =
      managers === 1
        ? 'the killed manager takes the control plane with it until it is back, and '
        : 'the killed leader is replaced within seconds, but ';
    return `${who} ${kill}the power cut takes everything: however many there are, they share one fate, and nobody can do anything until the power is back.`;
  }
  if (option.zones.length === 2) {
    const majority = dealt(managers, 2)[0]!;
    return `${who} one zone always holds the majority. Zone b may go, and users wait seconds at most; zone a takes ${majority} of ${managers} managers with it, and the rest may not decide anything. Two zones are never better than one: the zone with the majority is all that counts.`;
  }
  if (managers === 1) {
    return `${who} the control plane is down whenever that one manager is: for the minute of the kill, and for the five minutes of zone a.`;
  }
  if (replicas === 1) {
    return `${who} Swarm and etcd survive every zone, but the only DTR replica stands in zone a: while that is dark nobody can push or pull an image.`;
  }
  const remote = option.remoteWorkers
    ? ' While the datacenters are cut off from each other the remote workers run on, but nothing there is scheduled or replaced.'
    : '';
  const more =
    Math.max(managers, replicas) > 3
      ? ' More members than three survive more single machines, not more zones.'
      : '';
  return `${who} any one zone may go: the other two keep a majority, and users wait seconds for a new leader.${more}${remote}`;
}

function topology(option: Option): string {
  const lines = ['topology:', '  us-west:', '    region: us', `    zones: [${option.zones.join(', ')}]`];
  if (!option.remoteWorkers) return lines.join('\n');
  return [
    ...lines,
    '  us-east:',
    '    region: us',
    '    zones: [a, b]',
    '',
    'network:',
    '  between-datacenters:',
    '    rtt: lognormal(p50 70ms, p99 90ms)',
  ].join('\n');
}

function nodes(option: Option, managers: number, replicas: number): string {
  const where = option.remoteWorkers ? ['    in: us-west'] : [];
  const group = (
    name: string,
    n: number,
    cpu: number,
    memory: string,
    place: readonly string[],
  ): string[] => [
    `  ${name}:`,
    `    count: ${n}${layoutComment(n, option)}`,
    ...place,
    `    cpu: ${cpu}`,
    `    memory: ${memory}`,
  ];
  const worker = (name: string, n: number, place: readonly string[]): string[] => [
    `  ${name}:`,
    `    count: ${n}`,
    ...place,
    ...(name === 'worker' ? [] : ['    roles: [worker]']),
    '    cpu: 16',
    '    memory: 64GiB',
  ];
  const workers = option.remoteWorkers
    ? [...worker('local-worker', 3, ['    in: us-west']), ...worker('remote-worker', 9, ['    in: us-east'])]
    : worker('worker', 12, []);
  return [
    'nodes:',
    ...group('manager', managers, 4, '16GiB', where),
    ...group('dtr', replicas, 4, '16GiB', where),
    ...workers,
  ].join('\n');
}

function layoutComment(n: number, option: Option): string {
  if (option.zones.length === 1) return '';
  const parts = dealt(n, option.zones.length).map((k, i) => `${k} in zone ${option.zones[i]}`);
  return ` # ${parts.join(', ')}`;
}

function systems(): string {
  return [
    'systems:',
    '  swarm: { members: managers }',
    '  etcd: { members: managers }',
    '  rethink: { members: [managers, dtr] } # two stores: one of UCP on the managers, one of DTR',
    '  gossip: { members: all } # what overlay networks, ingress, DNS and load balancing lean on',
  ].join('\n');
}

/** Faults begin every ten minutes, so that each finds a quiet platform. */
function timeline(option: Option): string {
  const lines = ['timeline:', '  - { at: 2m, kill: leader of swarm, for: 1m }'];
  option.zones.forEach((zone, i) => {
    lines.push(`  - { at: ${(i + 1) * 10}m, zone-outage: us-west/${zone}, for: 5m }`);
  });
  if (option.remoteWorkers) lines.push('  - { at: 40m, cut: { between: [us-west, us-east] }, for: 5m }');
  return lines.join('\n');
}

function runMinutes(option: Option): number {
  return (option.zones.length + 1) * 10 + (option.remoteWorkers ? 10 : 0);
}

/** Seen by users of us-west, who may be served from any of its zones. */
function objectives(option: Option): string {
  const lines = [
    'objectives:',
    '  - swarm write longest outage from us-west <= 10s',
    '  - swarm schedule longest outage from us-west <= 12s',
    '  - etcd write longest outage from us-west <= 15s',
    '  - rethink write longest outage from us-west <= 30s',
    '  - swarm write availability from us-west >= 99%',
  ];
  if (option.remoteWorkers)
    lines.push('  - swarm write longest outage from us-east <= 5m30s # the cut, and no more');
  return lines.join('\n');
}
