import { describe, expect, test } from 'vitest';
import { parseObjective } from './objective.ts';

const S = 1_000_000;
const of = (kind: string, operation: string, vantage: string | null = null) => ({ kind, operation, vantage });
const failover = (part: string, quantile: number) => ({ kind: 'failover', part, quantile });

describe('objectives in words', () => {
  test.each([
    [
      'etcd write availability >= 98%',
      { system: 'etcd', metric: of('availability', 'write'), comparison: '>=', limit: 0.98 },
    ],
    [
      'etcd write availability >= 0.98',
      { system: 'etcd', metric: of('availability', 'write'), comparison: '>=', limit: 0.98 },
    ],
    [
      'etcd write availability from us-west/a >= 98%',
      { system: 'etcd', metric: of('availability', 'write', 'us-west/a'), comparison: '>=', limit: 0.98 },
    ],
    [
      'etcd write from us-west/a availability >= 98%',
      { system: 'etcd', metric: of('availability', 'write', 'us-west/a'), comparison: '>=', limit: 0.98 },
    ],
    [
      'etcd write downtime <= 10s',
      { system: 'etcd', metric: of('downtime', 'write'), comparison: '<=', limit: 10 * S },
    ],
    [
      'etcd write longest outage <= 5s',
      { system: 'etcd', metric: of('longest-outage', 'write'), comparison: '<=', limit: 5 * S },
    ],
    [
      'etcd write outages <= 1',
      { system: 'etcd', metric: of('outages', 'write'), comparison: '<=', limit: 1 },
    ],
    [
      'etcd read degraded <= 5s',
      { system: 'etcd', metric: of('degraded', 'read'), comparison: '<=', limit: 5 * S },
    ],
    [
      'etcd write waiting ≤ 5s',
      { system: 'etcd', metric: of('waiting', 'write'), comparison: '<=', limit: 5 * S },
    ],
    [
      'swarm failover p99 <= 8s',
      { system: 'swarm', metric: failover('recovered', 0.99), comparison: '<=', limit: 8 * S },
    ],
    [
      'swarm failover p99.9 < 8s',
      { system: 'swarm', metric: failover('recovered', 0.999), comparison: '<', limit: 8 * S },
    ],
    [
      'swarm failover max<=8s',
      { system: 'swarm', metric: failover('recovered', 1), comparison: '<=', limit: 8 * S },
    ],
    [
      'swarm failover median <= 8s',
      { system: 'swarm', metric: failover('recovered', 0.5), comparison: '<=', limit: 8 * S },
    ],
    [
      'swarm failover detected p50 <= 4s',
      { system: 'swarm', metric: failover('detected', 0.5), comparison: '<=', limit: 4 * S },
    ],
    [
      'swarm failover elected max > 1s',
      { system: 'swarm', metric: failover('elected', 1), comparison: '>', limit: S },
    ],
    ['etcd failovers = 1', { system: 'etcd', metric: { kind: 'failovers' }, comparison: '=', limit: 1 }],
    ['etcd failovers == 1', { system: 'etcd', metric: { kind: 'failovers' }, comparison: '=', limit: 1 }],
    ['etcd campaigns <= 3', { system: 'etcd', metric: { kind: 'campaigns' }, comparison: '<=', limit: 3 }],
    ['etcd elections <= 3', { system: 'etcd', metric: { kind: 'elections' }, comparison: '<=', limit: 3 }],
    ['etcd split votes = 0', { system: 'etcd', metric: { kind: 'split-votes' }, comparison: '=', limit: 0 }],
    [
      'etcd highest term <= 9',
      { system: 'etcd', metric: { kind: 'highest-term' }, comparison: '<=', limit: 9 },
    ],
  ])('%s', (text, expected) => {
    expect(parseObjective(text)).toEqual(expected);
  });
});

test.each([
  ['etcd write availability', '"etcd write availability" states no limit: write it like'],
  ['etcd >= 5', '"etcd >= 5" names no system and measure'],
  ['>= 5', 'names no system and measure'],
  [
    'etcd write avalability >= 98%',
    'unknown measure "avalability": known are availability, downtime, longest outage',
  ],
  [
    'etcd availability >= 98%',
    '"availability" is measured of an operation: write "write availability" or "read availability"',
  ],
  [
    'etcd write availability >= 98',
    '98 is not a share: it must lie between 0 and 1 (write 98% for a percentage)',
  ],
  ['etcd write downtime <= 10', 'a duration needs a unit: write 10ms or 10s'],
  ['etcd write downtime <=', 'the limit is missing behind "etcd write downtime"'],
  ['etcd failovers = 1.5', 'is a count: the limit is a whole number, not "1.5"'],
  ['etcd failovers from us-west = 1', '"failovers" belongs to the system as a whole'],
  ['etcd failover <= 8s', 'which failover?'],
  ['etcd failover p200 <= 8s', 'unknown figure "p200"'],
  ['etcd failover p99 fast <= 8s', '"fast" does not follow here'],
  ['etcd write availability => 98%', '"=>" is no comparison: use >=, <=, >, < or ='],
  ['etcd write availability from >= 98%', 'a place or a node is missing behind "from"'],
])('%s is refused', (text, message) => {
  expect(() => parseObjective(text)).toThrow(message);
});

test('a mistyped measure finds the right one', () => {
  expect(() => parseObjective('etcd write avalability >= 98%')).toThrow(
    expect.objectContaining({ suggestion: 'availability' }),
  );
  expect(() => parseObjective('etcd failover p98s <= 1s')).toThrow(
    expect.objectContaining({ suggestion: 'p90' }),
  );
  expect(() => parseObjective('etcd failover detcted p50 <= 1s')).toThrow();
});
