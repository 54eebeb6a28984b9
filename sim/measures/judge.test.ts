import { describe, expect, test } from 'vitest';
import type { Failover, SummaryRow } from '../run.ts';
import { judge } from './judge.ts';
import type { Metric, ObjectiveSpec } from './objectives.ts';

const row = (over: Partial<SummaryRow>): SummaryRow => ({
  system: 'etcd',
  operation: 'write',
  vantage: 'us',
  availability: 0.99,
  degradedUs: 0,
  downtimeUs: 6e6,
  waitingUs: 1e6,
  outages: 1,
  longestOutageUs: 6e6,
  ...over,
});
const failover = (recoveredUs: number | null): Failover => ({
  system: 'etcd',
  group: '',
  fault: 1,
  oldLeader: 'a',
  newLeader: 'b',
  oldTerm: 1,
  newTerm: 2,
  rounds: 1,
  lostAtUs: 0,
  detectedUs: 1,
  electedUs: 2,
  recoveredUs,
  lostEvent: 1,
  detectedEvent: 2,
  electedEvent: 3,
  recoveredEvent: 4,
});
const system = (name: string, campaigns = 0) => ({
  name,
  kind: 'etcd',
  profile: 'p',
  members: [],
  groups: [''],
  impact: [],
  campaigns,
  elections: 0,
  highestTerm: 0,
  splitVotes: 0,
  messages: [],
});
const objective = (
  metric: Metric,
  comparison: ObjectiveSpec['comparison'],
  limit: number,
  name = 'etcd',
): ObjectiveSpec => ({
  text: '',
  system: name,
  metric,
  comparison,
  limit,
  origin: '',
});
const verdict = (spec: ObjectiveSpec, given: { summary?: SummaryRow[]; failovers?: Failover[] } = {}) =>
  judge([spec], {
    systems: [system('etcd', 7), system('rethink-a'), system('rethink-b')],
    failovers: given.failovers ?? [],
    summary: given.summary ?? [],
    faults: [],
    families: new Map([
      ['etcd', 'etcd'],
      ['rethink-a', 'rethink'],
      ['rethink-b', 'rethink'],
    ]),
  })[0]!;

const availability: Metric = { kind: 'availability', operation: 'write', vantage: null };

describe('an objective', () => {
  test.each([
    ['>=', 0.99, 'pass'],
    ['>=', 0.9900001, 'fail'],
    ['>', 0.99, 'fail'],
    ['<=', 0.99, 'pass'],
    ['<', 0.99, 'fail'],
    ['=', 0.99, 'pass'],
  ] as const)('%s %s of 0.99: %s', (comparison, limit, expected) => {
    expect(verdict(objective(availability, comparison, limit), { summary: [row({})] }).verdict).toBe(
      expected,
    );
  });

  test('without a vantage is judged by the worst one, and names it', () => {
    const summary = [
      row({}),
      row({ vantage: 'us/b', availability: 0.5 }),
      row({ vantage: 'us/c', availability: 0.7 }),
    ];
    expect(verdict(objective(availability, '>=', 0.9), { summary })).toMatchObject({
      verdict: 'fail',
      value: 0.5,
      note: 'etcd from us/b',
    });
    expect(verdict(objective({ ...availability, vantage: 'us' }, '>=', 0.9), { summary }).verdict).toBe(
      'pass',
    );
    const downtime: Metric = { kind: 'downtime', operation: 'write', vantage: null };
    expect(
      verdict(objective(downtime, '<=', 5e6), { summary: [row({}), row({ downtimeUs: 1 })] }),
    ).toMatchObject({ value: 6e6 });
  });

  test('of a family covers each of its systems', () => {
    const summary = [
      row({ system: 'rethink-a', availability: 1 }),
      row({ system: 'rethink-b', availability: 0.2 }),
    ];
    expect(verdict(objective(availability, '>=', 0.9, 'rethink'), { summary })).toMatchObject({
      verdict: 'fail',
      note: 'rethink-b from us',
    });
  });

  test('about failovers is inconclusive when there was none', () => {
    const spec = objective({ kind: 'failover', part: 'recovered', quantile: 0.99 }, '<=', 8e6);
    expect(verdict(spec)).toMatchObject({ verdict: 'inconclusive', value: null });
  });

  test('about a quantile of failovers takes the smallest value that covers the share', () => {
    const failovers = [1, 2, 3, 4].map((s) => failover(s * 1e6));
    const at = (quantile: number) =>
      verdict(objective({ kind: 'failover', part: 'recovered', quantile }, '<=', 1), { failovers }).value;
    expect([at(0.5), at(0.51), at(0.99), at(1), at(0)]).toEqual([2e6, 3e6, 4e6, 4e6, 1e6]);
  });

  test('a failover that never ended is longer than any limit', () => {
    const spec = objective({ kind: 'failover', part: 'recovered', quantile: 1 }, '<=', 1e12);
    expect(verdict(spec, { failovers: [failover(1), failover(null)] }).verdict).toBe('fail');
  });

  test('about counts reads them off the system', () => {
    expect(verdict(objective({ kind: 'campaigns' }, '<=', 7)).verdict).toBe('pass');
    expect(verdict(objective({ kind: 'failovers' }, '=', 0)).verdict).toBe('pass');
  });
});
