/** One year of life for the deck's placements: the same machines and zones fail by the same clocks in each of them. */
import { count, type GeneratedFile, head, type Outcome } from './scenario-text.ts';

interface Option {
  readonly name: string;
  readonly title: string;
  readonly zones: readonly string[];
  readonly managers: number;
  readonly outcome: Outcome;
  readonly verdict: string;
}

const OPTIONS: readonly Option[] = [
  {
    name: 'one-zone-3-managers',
    title: 'one zone',
    zones: ['a'],
    managers: 3,
    outcome: 'pass',
    verdict: 'Any one machine may go; the zone takes everything, and it goes dark once in two years.',
  },
  {
    name: 'two-zones-3-managers',
    title: 'two zones',
    zones: ['a', 'b'],
    managers: 3,
    outcome: 'pass',
    verdict:
      'The zone with two of three managers is all that counts, and there are twice as many zones to fail.',
  },
  {
    name: 'three-zones-3-managers',
    title: 'three zones',
    zones: ['a', 'b', 'c'],
    managers: 3,
    outcome: 'pass',
    verdict:
      'Any one machine or zone may go. What is left to fear is a second failure before the first is repaired.',
  },
  {
    name: 'three-zones-5-managers',
    title: 'three zones',
    zones: ['a', 'b', 'c'],
    managers: 5,
    outcome: 'pass',
    verdict: 'Any two machines or any one zone may go.',
  },
];

export function yearsOfLife(): GeneratedFile[] {
  return OPTIONS.map((option) => {
    const managers = count(option.managers, 'manager');
    const story = `${managers} and 3 DTR replicas in ${option.title} of one datacenter live for a year: machines die once in 105 days each, zones go dark once in two years each, two people repair what has failed, one thing at a time each. ${option.verdict} The year of another seed is another year: a sweep tells how good the placement is, one run what a year can look like.`;
    const text = [
      head('years-of-life.ts', option.outcome, `A year of life, ${managers} in ${option.title}`, story),
      `topology:\n  us-west:\n    region: us\n    zones: [${option.zones.join(', ')}]`,
      `nodes:\n  manager: { count: ${option.managers} }\n  dtr: { count: 3 }`,
      'systems:\n  swarm: { members: managers }\n  etcd: { members: managers }\n  rethink: { members: [managers, dtr] }',
      FAULTS,
      'operators:\n  crews:\n    hands: { size: 2 }',
      'objectives:\n  - swarm write availability from us-west >= 99%\n  - etcd write availability from us-west >= 99%\n  - rethink write availability from us-west >= 99%',
      'run:\n  duration: 1y',
    ].join('\n\n');
    return { path: `life/a-year-of-life-${option.name}.yaml`, text: `${text}\n` };
  });
}

const FAULTS = `faults:
  - every: exponential(mean 105d)
    power-loss: [each manager, each dtr]
    for: lognormal(mean 4h, p95 12h)
    reaction: lognormal(p50 10m, p99 1h)
    crew: hands
  - every: exponential(mean 2y)
    zone-outage: each zone
    for: lognormal(mean 2h, p95 6h)`;
