import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterOf, compareEtcdFile, parseName } from './etcd.ts';
import { column, readRows } from './etcd-scenario.ts';
import { compareSwarmFile, parseName as parseSwarmName } from './swarm.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fidelity-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

describe("a file's name", () => {
  test('states the set-up', () => {
    expect(parseName('killed-5-500-5000-prevote-delay50-quiet.csv')).toEqual({
      kind: 'killed',
      members: 5,
      heartbeatMs: 500,
      electionMs: 5000,
      preVote: true,
      delayMs: 50,
      isolated: 1,
      withLeader: true,
    });
    expect(parseName('leader-isolated-3-100-1000.csv')).toMatchObject({
      kind: 'isolated',
      members: 3,
      isolated: 1,
    });
    expect(parseName('isolated-2of5-with-leader.csv')).toMatchObject({
      kind: 'isolated',
      members: 5,
      isolated: 2,
      withLeader: true,
      electionMs: 1000,
    });
    expect(parseName('isolated-2of5-followers.csv')).toMatchObject({ isolated: 2, withLeader: false });
    expect(parseName('partial-cut-3-prevote.csv')).toMatchObject({ kind: 'partial-cut', preVote: true });
    expect(parseName('quorum-lost-7.csv')).toMatchObject({ kind: 'quorum-lost', members: 7 });
    expect(parseName('upgrade-3.csv')).toBeNull();
    expect(parseSwarmName('leader-cut-5-heal.csv')).toEqual({ kind: 'leader-cut', members: 5 });
    expect(parseSwarmName('worker-lost.csv')).toBeNull();
  });

  test('becomes parameters of the model', () => {
    expect(clusterOf(parseName('killed-5-500-5000-delay10.csv')!)).toMatchObject({
      members: 5,
      oneWayUs: 10_040,
      parameters: { tickUs: 500_000, electionTicks: 10, preVote: false, writeDeadlineUs: 15_000_000 },
    });
  });
});

test('trials in which the machine itself stalled do not count, and empty cells are no figures', () => {
  const rows = readRows(file('some.csv', ['t_elect_ms,valid', '900,1', '5000,0', ',1']));
  expect(rows.length).toBe(2);
  expect(column(rows, 't_elect_ms')).toEqual([900]);
});

test('what the model does not predict is named, not passed over', () => {
  const path = file('worker-lost.csv', ['trial,mode', '0,kill']);
  expect(compareSwarmFile(path, 'worker-lost.csv', 10)).toMatchObject([
    { verdict: 'not-modelled', source: 'swarm/worker-lost.csv', n: { measured: 1, predicted: 0 } },
  ]);
});

test('a sample of another election time-out does not pass for this one', () => {
  const slow = Array.from({ length: 60 }, (_, i) => `${1500 + 20 * i},1`);
  const path = file('killed-3-100-1000.csv', ['t_elect_ms,valid', ...slow]);
  const [elect] = compareEtcdFile(path, 'killed-3-100-1000.csv', 50);
  expect(elect).toMatchObject({ name: 'etcd/killed-3-100-1000/t-elect-ms', verdict: 'fail' });
});

test('members cut off together, longer links and more of them run as well', () => {
  const isolation = ['t_elect_ms,hold_ms,heal_leader_changes,valid', '1200,7000,1,1', '1300,6500,1,1'];
  for (const name of ['isolated-2of5-with-leader.csv', 'isolated-2of5-followers.csv']) {
    expect(compareEtcdFile(file(name, isolation), name, 3).length).toBeGreaterThan(0);
  }
  const killed = ['t_elect_ms,valid', '1400,1', '1500,1'];
  const name = 'killed-5-100-1000-delay50.csv';
  expect(compareEtcdFile(file(name, killed), name, 3)[0]!.n).toEqual({ measured: 2, predicted: 12 });
  const cut = ['new_leader_s,hold_after_s', '12.1,2.0'];
  expect(compareSwarmFile(file('leader-cut-5.csv', cut), 'leader-cut-5.csv', 3).length).toBeGreaterThan(0);
});
