import { expect, test } from 'vitest';
import { z } from 'zod';
import { SMALL, zonefall } from '../testing.ts';
import { columnLines } from './columns.ts';
import { explanationSchema, explanationShape } from './schema.ts';

async function explain(words: readonly string[] = [], stdin = SMALL): Promise<string> {
  const { code, stdout, stderr } = await zonefall(['explain', '-', ...words], { stdin });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test('the small scenario, whole', async () => {
  expect(await explain()).toMatchInlineSnapshot(`
    "Small

    Systems
      etcd: 3 voters, 2 are a quorum, any one may fail
        manager-1, manager-2 and manager-3: 1 in dc/a, 1 in dc/b and 1 in dc/c
        profile deck-2017: the deck: etcd 500/5000 ms; UCP 2.1 ran etcd 2.3, which has neither
        CheckQuorum nor PreVote (facts/platform.md 5.2, facts/consensus.md 2.3, 2.4)
        heartbeat 500 ms; without a leader a member campaigns after 5 to 9.5 s, the first of them 5.9 s
        after the loss on average; a leader without a quorum never steps down
        slowest pair manager-1 and manager-2 (between zones): RTT 1.7 ms, p99 4 ms
        its loss takes away UCP operations: configuration, logins through the UCP API, Kubernetes state
        (ucp-kv)

    What the loss of each leaves (exact)
      lost                                    etcd
      node manager-1, manager-2 or manager-3  goes on or fails over
      zone dc/a, dc/b or dc/c                 goes on or fails over
      datacenter dc (= region home)           DOWN
      any two of zones dc/a, dc/b and dc/c    DOWN but stale reads
      (a system fails over where its leader is among what is lost)

    What will happen
      1  at 1:00 for 1 min: zone dc/b loses power (manager-2)
         - etcd: goes on or fails over (2 of 3 voters together, 2 needed)

    Share of time with a quorum (exact), if each node is down 1.00 % of the time and each zone 0.10 %
      etcd: 99.964 % as laid out over zones (1+1+1); 99.970 % if zones never failed (majority of 3)

    The run
      6 min of model time with the warm-up, about 420 events: less than a second (parked while nothing happens; 5,000 one by one); 1 objective
    "
  `);
});

test('even numbers and zones that hold a majority are pointed out', async () => {
  const text = await explain([], SMALL.replace('count: 3', 'placement: { dc/a: 2, dc/b: 1, dc/c: 1 }'));
  expect(text).toContain('etcd: 4 voters tolerate no more failures than 3 (1)');
  expect(text).toContain('zone dc/a holds 2 of 4 voters of etcd: without it the others are no quorum');
});

test('links that are too slow for the timers are pointed out, with the source', async () => {
  const text = await explain([], `${SMALL}network: { between-zones: { rtt: 700ms } }\n`);
  expect(text).toMatch(
    /etcd: the election time-out \(5 s\) is less than ten times the RTT[\s\S]*facts\/consensus\.md\s+2\.21/,
  );
  expect(text).toMatch(
    /etcd: the RTT of its slowest pair \(700 ms\) reaches the heartbeat interval \(500 ms\)/,
  );
});

test('a system without votes is named, and asked no question of quorum', async () => {
  const only = SMALL.replace('etcd: { members: manager }', 'gossip: { members: all }').replace(
    /objectives:\n.*\n/,
    '',
  );
  const text = await explain([], only);
  expect(text).toContain('gossip: 3 members, no votes: each goes by its own view');
  expect(text).not.toContain('What the loss of each leaves');
  expect(text).not.toContain('Share of time');
  expect(explanationShape.parse(JSON.parse(await explain(['--json'], only))).others).toHaveLength(1);
});

test('--verbose tells every default with its source, and nothing that is stated', async () => {
  const text = await explain(['--verbose'], `${SMALL}network: { between-zones: { rtt: 2ms } }\n`);
  expect(text).toContain('systems.etcd.profile = deck-2017: the deck');
  expect(text).toContain('network.between-zones.jitter = 0s');
  expect(text).not.toContain('network.between-zones.rtt');
  expect(text).not.toContain('run.duration');
  expect(await explain()).not.toContain('Assumed');
});

test('--json is the documented shape, for every shipped kind of fault', async () => {
  const timeline = [
    '{ at: 1m, kill: leader of etcd, for: 1m }',
    '{ every: exponential(mean 90d), kill: any two managers, for: 5m }',
    '{ at: 2m, partition: [[dc/a], [dc/b]], for: 1m, repeat: { every: 10m, times: 3 } }',
    '{ at: 3m, delay: { between: [dc/a, dc/b], add-rtt: 9s }, for: 1m }',
    '{ name: x, at: 3m, slow-disk: { target: manager-1 }, for: uniform(1s, 2s) }',
    '{ after: x + 5s, loss: { between: [dc/a, dc/b], share: 5% }, for: 1m }',
  ];
  const text = await explain(['--json', '--verbose', '--set', `timeline=[${timeline.join(', ')}]`]);
  const document = explanationShape.parse(JSON.parse(text));
  expect(document.timeline.map(({ start }) => start.kind)).toEqual([
    'at',
    'every',
    'at',
    'at',
    'at',
    'after',
  ]);
  expect(z.fromJSONSchema(explanationSchema() as never).safeParse(JSON.parse(text)).success).toBe(true);
  expect(await explain(['--json', '--verbose', '--set', `timeline=[${timeline.join(', ')}]`])).toBe(text);
});

test('each kind of beginning and ending in words', async () => {
  const text = await explain([
    '--set',
    'timeline=[{ name: x, at: 1m, kill: manager-1, for: 30s, repeat: { every: 1m, times: 2 } }, { after: x + 5s, kill: manager-2 }, { every: exponential(mean 2m), kill: manager-3, for: uniform(1s, 3s) }]',
  ]);
  expect(text).toContain('at 1:00 for 30 s, twice, each 1 min: manager-1 is killed');
  expect(text).toContain('5 s after x ends to the end: manager-2 is killed');
  expect(text).toMatch(/again and again, after 2 min on average \(p99 [^)]+\) each time, for 2 s on average/);
});

test('columns wrap at words and keep their places', () => {
  const rows = [
    ['lost', 'what becomes of it'],
    ['node with a rather long name', 'goes on or fails over'],
  ];
  expect(columnLines(rows, 40)).toEqual([
    'lost                 what becomes of it',
    'node with a rather   goes on or fails',
    '  long name            over',
  ]);
  expect(columnLines(rows, 100)[1]).toBe('node with a rather long name  goes on or fails over');
});

test('where the scenario states how often things fail, its own rates are told, and not made-up ones', async () => {
  const failing = SMALL.replace(
    /timeline:[\s\S]*?(?=objectives:)/,
    'faults: [{ every: exponential(mean 99d), power-loss: each manager, for: exponential(mean 1d) }]\n',
  ).replace(/run:.*/, 'run: { duration: 10y }');
  const text = await explain([], failing);
  // 3 p^2 - 2 p^3 with p = 1 / 100, a little less for beginning with all up.
  expect(text).toMatch(
    /Availability \(exact[^\n]*\n {2}etcd writes from \S+: 99\.970 %, down 2 h 3\d min a year/,
  );
  expect(text).not.toContain('if each node is down');
  const json = explanationShape.parse(JSON.parse(await explain(['--json'], failing)));
  expect(json.expected).toHaveLength(1);
  // Sixteen that fail by themselves are too many: that system keeps the made-up rates.
  const large = failing
    .replace('manager: { count: 3 }', 'manager: { count: 3 }\n  worker: { count: 16 }')
    .replace('systems:', 'systems:\n  rethink: { members: worker }')
    .replace(
      /faults: \[(.*)\]/,
      'faults: [$1, { every: exponential(mean 99d), power-loss: each worker, for: exponential(mean 1d) }]',
    );
  const uneven = await explain([], large);
  expect(uneven).toMatch(/Availability \(exact[^\n]*\n {2}etcd writes from \S+: 99\.970 %/);
  expect(uneven).toMatch(/if each node is down[^\n]*\n {2}rethink: 99\./);
  const never = await explain([], `${failing}network: { between-zones: { loss: 100% } }\n`);
  expect(never).toMatch(/etcd writes from \S+: never, as the scenario stands/);
});

test('the exact answer of a script is told by its run, never by the year', async () => {
  const script = SMALL.replace(
    /timeline:[\s\S]*?(?=objectives:)/,
    'timeline: [{ at: 1m, power-loss: [manager-1, manager-2], for: 2m }]\n',
  );
  for (const [duration, share, words] of [
    ['10m', '80.00 %', '10 min'],
    ['60m', '96.66 %', '1 h'],
  ]) {
    const text = await explain(['--set', `run.duration=${duration}`], script);
    expect(text).toMatch(new RegExp(`etcd writes from \\S+: ${share}, down 2 min in a run of ${words}\\n`));
    expect(text).not.toContain('a year');
  }
  const json = explanationShape.parse(
    JSON.parse(await explain(['--json', '--set', 'run.duration=10m'], script)),
  );
  expect(json.toldBy).toEqual({ kind: 'run', durationUs: 600_000_000 });
  // With chance besides it is still one run that is told: its script is no sample of a year.
  const both = script.replace(
    'objectives:',
    'faults: [{ every: exponential(mean 99d), power-loss: each manager, for: exponential(mean 1d) }]\nobjectives:',
  );
  expect(await explain(['--set', 'run.duration=10y'], both)).toMatch(
    /down \d+ d [^\n]* in a run of 10 years\n/,
  );
});
