/** `zonefall why` from real runs: written to a folder, read back, explained. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/index.ts';
import type { Run } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { simulate } from '../../sim/simulate.ts';
import { faultSpec, leaderOf, node, randomScenario, SECOND, smallScenario } from '../../sim/testing.ts';
import { availabilityCsv, failoversCsv, timelineCsv } from '../csv/index.ts';
import { jsonText, runManifest } from '../json/index.ts';
import { explain, RunFolderError, readRun, type WhyAnswer, whyPlain, whyText } from './index.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function written(run: Run): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-why-'));
  folders.push(folder);
  await writeFile(join(folder, 'run.json'), jsonText(runManifest(run, '0.1.0', null)));
  await writeFile(join(folder, 'timeline.csv'), await timelineCsv(run));
  await writeFile(join(folder, 'availability.csv'), await availabilityCsv(run));
  await writeFile(join(folder, 'failovers.csv'), await failoversCsv(run));
  return folder;
}

async function whyOf(scenario: Scenario, asked: Parameters<typeof explain>[1] = { kind: 'longest' }) {
  return explain(await readRun(await written(simulate(scenario, { seed: 3 }))), asked)!;
}

/** All that is said of the first outage explained, on one line. */
const said = (answer: WhyAnswer) =>
  whyText({ ...answer, outages: [] }, { color: false, columns: 100 }).replace(/\s+/g, ' ');

const zoneOutage = (place: string, atSeconds: number) =>
  faultSpec({
    start: { kind: 'at', atUs: atSeconds * SECOND },
    duration: { kind: 'constant', value: 20 * SECOND },
    effect: { kind: 'zone-outage', place },
  });

/** A paper Raft in which one follower cannot hear the leader. */
const deposing = (parameters: object) =>
  smallScenario({
    systems: [['raft', 'paper', parameters]],
    faults: [
      faultSpec({
        effect: {
          kind: 'cut',
          from: leaderOf('raft'),
          to: { kind: 'any', count: 1, of: { kind: 'followers', system: 'raft' } },
          direction: 'both',
        },
      }),
    ],
  });

describe('why', () => {
  test('follows a lost leader from the fault to the user', async () => {
    const answer = await whyOf(
      smallScenario({ faults: [faultSpec({ effect: { kind: 'power-loss', target: leaderOf('etcd') } })] }),
    );
    const text = said(answer);
    expect(text).toMatch(/etcd writes failed from everywhere for [\d.]+ s, from 0:10 to 0:1\d/);
    expect(text).toMatch(/0:10 Fault 1: the leader of etcd \((m\d)\) loses power, from 0:10 to the end\./);
    expect(text).toMatch(/(m\d), leader of etcd in term \d+, is down\. 2 of 3 voters .* 2 are needed/);
    expect(text).toMatch(
      /m\d last heard from m\d at 0:09\.\d+, and the heartbeat .* never came; its election timer of 1\d ticks of 100 ms \(1[.\d]* s; drawn between 1 s and 1\.9 s\) runs out\. It asks for votes in term \d+\. m\d votes for it\./,
    );
    expect(text).toMatch(/m\d has 2 of 3 votes with its own and leads etcd in term \d+\./);
    expect(text).toMatch(/commits its first entry [\d.]+ ms after its election: etcd serves again\./);
    expect(text).toMatch(/What users saw - etcd writes from everywhere: failed from 0:10 to/);
    expect(text).toMatch(/etcd reads from everywhere: none failed, requests waited up to [\d.]+ s\./);
    expect(text).toMatch(
      / without service = [\d.]+ s until somebody noticed \+ [\d.]+ ms to elect a leader \+ [\d.]+ ms to its first commit\./,
    );
  });

  test('does the arithmetic of a missing quorum, and names the zone that held it', async () => {
    const text = said(
      await whyOf(smallScenario({ zones: [2, 1], faults: [zoneOutage('r/d/a', 10)], seconds: 90 })),
    );
    expect(text).toContain('1 of 3 voters is left and 2 are needed, so nobody can commit');
    expect(text).toContain('Fault 1 is over; m1 and m3 are back.');
    expect(text).toContain('r/d/a held 2 of 3 voters, and without it 1 is left where 2 are needed.');
    expect(text).toContain('A third zone, with one voter in it, would have kept a quorum.');
    expect(text).toMatch(/For 20(\.\d)? s of the 2\d(\.\d)? s without service there was no quorum\./);
  });

  test('tells the time in which only some users could not get to the leader from that in which there was none', async () => {
    const cut = faultSpec({
      effect: { kind: 'isolate', target: { kind: 'place', place: 'r/d/a' } },
      start: { kind: 'at', atUs: 10 * SECOND },
      duration: { kind: 'constant', value: 60 * SECOND },
    });
    const scenario = smallScenario({ zones: [1, 1, 1], levels: ['zone'], faults: [cut], seconds: 90 });
    let told = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const text = said(
        explain(await readRun(await written(simulate(scenario, { seed }))), { kind: 'longest' })!,
      );
      expect(text).toMatch(/etcd writes failed from r\/d\/a/);
      // Where the leader is cut off with them, there is also a time without one.
      if (!/Where the time went/.test(text)) continue;
      told++;
      expect(text).toMatch(
        /Where the time went For 5\d(\.\d)? s of the 5\d(\.\d)? s a leader served, but requests from r\/d\/a did not get to it\. [12](\.\d)? s without service = /,
      );
    }
    expect(told).toBeGreaterThan(0);
  });

  test('counts what overlapping faults took together', async () => {
    const answer = await whyOf(
      smallScenario({ faults: [zoneOutage('r/d/a', 10), zoneOutage('r/d/b', 20)], seconds: 90 }),
      { kind: 'at', atUs: 21 * SECOND },
    );
    expect(said(answer)).toContain(
      'r/d/a and r/d/b held 2 of 3 voters between them, and without them 1 is left',
    );
    expect(said(answer)).toMatch(/m\d has been down since 0:10\./);
  });

  test('says that a deposed leader was healthy, and which check is off', async () => {
    const answer = await whyOf(deposing({ writeDeadlineUs: 0, readDeadlineUs: 0 }), {
      kind: 'number',
      number: 1,
    });
    const text = said(answer);
    expect(text).toMatch(
      /raft has no serving leader any more: m\d still reaches a quorum, but m\d has gone on to a higher term\./,
    );
    expect(text).toMatch(
      /m\d was healthy and reached a quorum; m\d alone could not hear it, and its campaign raised the term\. PreVote and CheckQuorum are off here/,
    );
  });

  test('follows a RethinkDB store, whose words are its own', async () => {
    const text = said(
      await whyOf(
        smallScenario({
          systems: [['rethink', 'rethinkdb-2.3']],
          faults: [faultSpec({ effect: { kind: 'power-loss', target: leaderOf('rethink') } })],
        }),
      ),
    );
    expect(text).toMatch(
      /m1, primary of rethink, is down\. 2 of 3 voters can reach each other and 2 are needed/,
    );
    expect(text).toMatch(/m\d lost the connection to m1: silent for 1\d\.\d s\./);
    expect(text).toMatch(/m\d takes the primary from m1: a majority of the voters does not see it\./);
    expect(text).toMatch(/m\d: 2 of 3 replicas are ready/);
    expect(text).toMatch(
      /given up as silent: with a heartbeat time-out of 10 s that takes 1\.4 to 1\.6 times as long/,
    );
  });

  test('says who ignored a campaign by its lease', async () => {
    const { explained } = await whyOf(
      smallScenario({
        systems: [['etcd', 'etcd-3.4', { electionTicks: 10 }]],
        zones: [2, 2, 1],
        latencyUs: { kind: 'constant', value: 40_000 },
        faults: [faultSpec({ effect: { kind: 'kill', target: leaderOf('etcd') } })],
      }),
    );
    const everything = explained.flatMap(({ steps }) => steps.map(({ text }) => text)).join(' ');
    for (const ignored of everything.match(/m\d ignores it: [^.]*/g) ?? []) {
      expect(ignored).toMatch(/heard from its leader, lease runs \d+ ticks/);
    }
    expect(everything).toMatch(/votes? for it/);
  });

  test('explains the darkness of a place apart, and only when nothing else is asked', async () => {
    const answer = await whyOf(
      smallScenario({ zones: [1, 1, 1], faults: [zoneOutage('r/d/a', 10)], seconds: 90 }),
    );
    const dark = answer.outages.find(({ what }) => what === 'Nothing worked from r/d/a itself')!;
    expect(answer.explained.map(({ number }) => number)).not.toContain(dark.number);
    const told = await whyOf(
      smallScenario({ zones: [1, 1, 1], faults: [zoneOutage('r/d/a', 10)], seconds: 90 }),
      { kind: 'number', number: dark.number },
    );
    expect(said(told)).toContain('Users in r/d/a share its fate');
    expect(said(told)).toContain('It held 1 of 3 of etcd');
  });

  describe('of several systems and faults, one of them in the dark', async () => {
    const { scenario } = loadScenario(`
version: 1
topology:
  west: { region: us, zones: [a, b] }
  east: { region: eu, zones: [a, b] }
  tokyo: { region: ap, zones: [a] }
nodes:
  manager: { placement: { west/a: 2, west/b: 1, east/a: 1, east/b: 1 } }
  worker: { count: 6, spread: zone }
systems: { swarm: { members: managers }, etcd: { members: managers }, gossip: { members: all } }
timeline:
  - { at: 2m, datacenter-outage: west, for: 3m }
  - { at: 10m, partition: [[west], [east], [tokyo]], for: 2m }
run: { duration: 15m }`);
    const run = await readRun(await written(simulate(scenario, { seed: 1 })));
    const all = explain(run, { kind: 'longest' })!.outages;
    const ask = (about: RegExp) => {
      const { number } = all.find(({ what, fromUs }) => about.test(`${fromUs / 60e6} min: ${what}`))!;
      const answer = explain(run, { kind: 'number', number })!;
      return { answer, text: said(answer) };
    };

    test('goes on until a leader that stayed is heard again', () => {
      const { answer, text } = ask(/^2 min: swarm/);
      expect(text).toMatch(
        /5:01\.\d+ manager-\d, all the while the leader of term 1, is heard by a quorum [\d.]+ m?s after enough voters could reach each other again: swarm serves again\. gRPC connects again only at its next attempt\. What users saw/,
      );
      const { steps, toUs } = answer.explained[0]!;
      expect(steps.at(-1)!.atUs).toBe(toUs);
    });

    test('says of the users in the dark that they were', () => {
      const { text } = ask(/^2 min: etcd/);
      expect(text).toMatch(/- Users in us had no power themselves from 2:00 to 5:00 \(outage \d\)\./);
      expect(text).toMatch(
        /- etcd writes from us: no power for 3 min; else none failed, requests waited up to /,
      );
      expect(text).not.toMatch(/from us: (none failed|worked throughout)/);
      expect(ask(/itself/).text).toMatch(
        /5:00 Fault 1 is over; manager-1, .* are back\. 5:0\d\.\d+ The last operation that had gone down with the power works again from us\./,
      );
    });

    test('tells of an outage of gossip only what belongs to it', () => {
      const { answer, text } = ask(/^10 min: gossip/);
      const { steps, users, toUs } = answer.explained[0]!;
      expect(steps.every(({ atUs }) => atUs >= 600 * SECOND && atUs <= toUs)).toBe(true);
      expect(steps.length).toBeLessThan(6);
      expect(users.join()).not.toMatch(/from (2|5):0/);
      expect(text).toMatch(/What happened 10:00 Fault 2: the network splits: /);
      expect(text).toMatch(/No member of gossip in ap knows another that answers it\./);
      expect(text).toMatch(/12:00 Fault 2 is over\. 12:0\d\.\d+ Requests from ap are served again/);
      expect(text).not.toContain('led when the run began');
    });
  });

  test('has an answer when nothing failed', async () => {
    const calm = await whyOf(smallScenario({}));
    expect(said(calm)).toContain('Nothing was down in 1 min, and no request had to wait.');
    const waited = await whyOf(deposing({}));
    expect(said(waited)).toMatch(
      /Nothing was down in 1 min, and the longest wait was [\d.]+ ms: raft from 0:1\d/,
    );
  });

  test('knows no outage beyond the last one, and says when a time was calm', async () => {
    const scenario = smallScenario({ faults: [faultSpec({ effect: { kind: 'kill', target: node('m1') } })] });
    const run = await readRun(await written(simulate(scenario)));
    expect(explain(run, { kind: 'number', number: 999 })).toBeUndefined();
    expect(explain(run, { kind: 'at', atUs: SECOND })!.calm).toContain('Nothing was down');
  });

  test('whatever the run: every outage is told by one number, in the order of time, and nothing is simulated', async () => {
    await fc.assert(
      fc.asyncProperty(randomScenario, fc.integer(), async (scenario, seed) => {
        const run = simulate(scenario, { seed });
        const read = await readRun(await written(run));
        const { outages } = explain(read, { kind: 'longest' })!;
        for (const { fromUs, toUs } of run.outages) {
          // One that goes on while its own place is dark is told in two parts.
          let toldUntilUs = fromUs;
          for (const each of outages.toSorted((a, b) => a.fromUs - b.fromUs))
            if (each.fromUs <= toldUntilUs) toldUntilUs = Math.max(toldUntilUs, each.toUs);
          expect(toldUntilUs).toBeGreaterThanOrEqual(toUs);
        }
        for (const { number } of outages.slice(0, 10)) {
          const answer = explain(read, { kind: 'number', number })!;
          const [told] = answer.explained;
          const times = told!.steps.map(({ atUs }) => atUs);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          // The chain goes on to what ended it; of many lapses the last ones are counted.
          const { ended, toUs, steps } = told!;
          expect(
            !ended || times.at(-1)! >= toUs || steps.some(({ text }) => / more times? until /.test(text)),
          ).toBe(true);
          expect(
            told!.steps.flatMap(({ events }) => events).every((id) => id > 0 && id <= run.events.length),
          ).toBe(true);
          expect(whyPlain(answer)).not.toMatch(/undefined|NaN|null|Infinity/);
          expect(whyText(answer, { color: false, columns: 80 })).not.toMatch(/undefined|NaN|null|Infinity/);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('the folder of a run', () => {
  const damage = async (name: string, change: (text: string) => string | null) => {
    const folder = await written(
      simulate(
        smallScenario({ faults: [faultSpec({ effect: { kind: 'kill', target: leaderOf('etcd') } })] }),
      ),
    );
    const changed = change(await readFile(join(folder, name), 'utf8'));
    if (changed === null) await rm(join(folder, name));
    else await writeFile(join(folder, name), changed);
    const error = await readRun(folder).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RunFolderError);
    const { message } = error as RunFolderError;
    expect(message).not.toContain('\n');
    return message.replaceAll(folder, 'FOLDER');
  };

  test.each([
    ['run.json', () => null, 'FOLDER is not the folder of a run: it has no run.json'],
    ['run.json', () => '{"name": "left-pad"}', 'FOLDER/run.json is not from zonefall run'],
    ['run.json', () => 'null', 'FOLDER/run.json is not from zonefall run'],
    ['run.json', (text: string) => text.slice(0, 200), 'FOLDER/run.json is damaged: it is not JSON'],
    [
      'run.json',
      (text: string) => text.replace('"schemaVersion": 1', '"schemaVersion": 9'),
      /schema version 9; this zonefall reads version 1/,
    ],
    [
      'run.json',
      (text: string) => text.replace(/"durationUs": \d+/, '"durationUs": "long"'),
      /run\.json is damaged: .*durationUs/,
    ],
    ['timeline.csv', () => null, 'FOLDER is not the folder of a run: it has no timeline.csv'],
    ['timeline.csv', () => '', /timeline\.csv is not a table of zonefall: the columns time_ms, /],
    [
      'timeline.csv',
      (text: string) => `${text.split('\n').slice(0, 4).join('\n')}\n`,
      /timeline\.csv has 3 events where run\.json counts \d+/,
    ],
    ['timeline.csv', (text: string) => text.slice(0, -30), /timeline\.csv/],
    [
      'timeline.csv',
      (text: string) => text.replace('\n0.000', '\nsoon'),
      'FOLDER/timeline.csv: row 1: time_ms "soon" is no time in milliseconds',
    ],
    [
      'timeline.csv',
      (text: string) => text.replace(',1,\n', ',7,\n'),
      'FOLDER/timeline.csv: row 1: id "7" is not 1: rows are missing or out of order',
    ],
    [
      'availability.csv',
      (text: string) => text.replace(',up,', ',fine,'),
      /availability\.csv: row \d+: state "fine" is not up, degraded or down/,
    ],
    [
      'availability.csv',
      (text: string) => text.replace('vantage', 'place'),
      'FOLDER/availability.csv is not a table of zonefall: the column vantage is missing',
    ],
    [
      'failovers.csv',
      (text: string) => `${text.split('\n')[0]}\n`,
      /failovers\.csv has 0 failovers where run\.json counts 1/,
    ],
    ['failovers.csv', (text: string) => text.replace(',m', ',"m'), /failovers\.csv/],
  ] as const)('%s damaged (%#) is one clear message', async (name, change, expected) => {
    const message = await damage(name, change);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test('that is missing, or is a file, is named', async () => {
    await expect(readRun('/nowhere/at/all')).rejects.toThrow('there is no folder /nowhere/at/all');
    const folder = await written(simulate(smallScenario({})));
    await expect(readRun(join(folder, 'run.json'))).rejects.toThrow(
      /is a file: name the folder that zonefall run wrote/,
    );
  });

  test('may have further columns and another order of them', async () => {
    const folder = await written(simulate(smallScenario({})));
    const path = join(folder, 'timeline.csv');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replaceAll(/^(.*),(\d*|cause)$/gm, '$2,extra,$1').replace('cause,extra', 'cause,further'),
    );
    await expect(readRun(folder)).resolves.toBeDefined();
  });
});
