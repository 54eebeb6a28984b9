import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../sim/kernel/time.ts';
import { scenarioOf, THREE_ZONES, vantagesOf, zoneOutage } from '../testing/platform.ts';
import { RunBuilder } from '../testing/run-builder.ts';
import { calmRun, crowdedRun, quorumLossRun, threeZonesRun, yearRun } from '../testing.ts';
import { failoverStory } from './failover-story.ts';
import { headline } from './headline.ts';
import { exactLanes, serviceOf, whereWords } from './lanes.ts';
import { objectivesWords } from './objectives.ts';
import { findings } from './sentences.ts';
import { agree, filledIn, type Stretch } from './stretches.ts';
import { nodesWords } from './subjects.ts';

describe('the headline', () => {
  it.each([
    [calmRun, 'No fault: every operation keeps working.'],
    [
      threeZonesRun,
      'Zone us-west/b loses power at 2:00: etcd fails for 6.4 s, rethink-dtr for 3.2 s; swarm and rethink-manager keep ' +
        'working. From us-west/b itself nothing works for 5 min 8 s.',
    ],
    [
      quorumLossRun,
      'Zone us-west/a loses power at 3:00: swarm, etcd writes and rethink-manager fail for 7 min until the run ends. ' +
        'From us-west/a itself nothing works for 7 min until the run ends.',
    ],
    [
      crowdedRun,
      '20 faults in 2 h: etcd fails 20 times (1 min 24 s in all, at most 5.9 s); swarm, rethink-manager and rethink-dtr ' +
        'keep working.',
    ],
    [
      yearRun,
      'manager-2 loses power at 143 d 07:12:31.5: etcd fails for 4.5 s; swarm, rethink-manager and rethink-dtr keep working.',
    ],
  ])('says what happened, what failed and what did not', (make, sentence) =>
    expect(headline(make())).toBe(sentence),
  );

  it('tells what breaks from what operators do about it', () => {
    const run = crowdedRun();
    const kinds = ['runbook', 'maintenance', 'maintenance'];
    const faults = run.faults.map((fault) => ({
      ...fault,
      kind: (fault.hadEffect && kinds.pop()) || fault.kind,
    }));
    expect(headline({ ...run, faults })).toMatch(
      /^17 faults, 2 rounds of maintenance and 1 repair by operators in 2 h: /,
    );
  });
});

describe('lanes', () => {
  it('tell the darkness of a place apart from the outages of systems', () => {
    const { lanes, dark } = serviceOf(threeZonesRun());
    expect(lanes.map((lane) => [lane.system, lane.operations, lane.where])).toEqual([
      ['swarm', ['write', 'schedule'], 'everywhere'],
      ['etcd', ['write', 'read'], 'everywhere'],
      ['rethink-manager', ['write', 'read'], 'everywhere'],
      ['rethink-dtr', ['write', 'read'], 'everywhere'],
    ]);
    expect(dark).toEqual([
      {
        vantages: ['us-west/b'],
        names: ['us-west/b'],
        where: 'us-west/b',
        spans: [{ fault: 1, fromUs: 2 * MINUTE, toUs: 428 * SECOND, lastUs: 428 * SECOND }],
      },
    ]);
  });

  it('are exact where figures are asked for', () => {
    const etcd = exactLanes(threeZonesRun()).filter((lane) => lane.system === 'etcd');
    expect(etcd.map((lane) => lane.where)).toEqual(['everywhere but us-west/b', 'us-west/b']);
  });

  it('tell what happened while each place in turn was dark', () => {
    // Only zones are asked, and a failover happens while zone a is dark: b and c saw it.
    const shape = THREE_ZONES;
    const [, a, b, c] = vantagesOf(shape).map((vantage) => vantage.name);
    const faults = [0, 1, 2].map((zone) => zoneOutage(shape, zone, (1 + zone) * MINUTE, 30 * SECOND, zone));
    const scenario = scenarioOf(shape, { title: '', description: '', durationUs: 5 * MINUTE }, faults);
    const builder = new RunBuilder(scenario, vantagesOf(shape).slice(1));
    builder.system({ name: 'etcd', kind: 'etcd', members: ['manager-1'] }, 'manager-1', ['write']);
    for (const [i, zone] of [a!, b!, c!].entries()) {
      const fromUs = (1 + i) * MINUTE;
      const event = builder.event(fromUs, '', '', 'fault', 0, 'fault', 0);
      builder.faults.push({
        number: i + 1,
        index: i,
        kind: 'zone-outage',
        title: `zone ${zone} loses power`,
        nodes: [],
        fromUs,
        toUs: fromUs + 30 * SECOND,
        event,
        hadEffect: true,
        note: '',
      });
      for (const vantage of [a!, b!, c!]) {
        builder.operation(fromUs, 'etcd', 'write', vantage, 'down', false, event);
        builder.operation(
          fromUs + (vantage === zone ? 30 : 5) * SECOND,
          'etcd',
          'write',
          vantage,
          'up',
          false,
          0,
        );
      }
    }
    const run = builder.build(1, 1);
    const { lanes, dark } = serviceOf(run);
    expect(lanes).toHaveLength(1);
    expect(lanes[0]!.where).toBe('everywhere');
    const down = lanes[0]!.stretches.filter((each) => each.state === 'down');
    expect(down.map((each) => [each.fromUs, each.toUs - each.fromUs])).toEqual(
      [1, 2, 3].map((minute) => [minute * MINUTE, 5 * SECOND]),
    );
    expect(dark).toHaveLength(3);
    const [etcd, darkness] = findings(run).stopped;
    expect(etcd!.sentence).toBe('etcd writes failed from everywhere 3 times, 15 s in all:');
    expect(etcd!.details).toHaveLength(3);
    expect(darkness!.details[0]).toBe('us-west/a for 30 s from 1:00 (fault 1).');
  });
});

describe('vantages in words', () => {
  const run = threeZonesRun();
  const all = run.vantages.map((vantage) => vantage.name);
  it.each([
    [all, 'everywhere'],
    [['us-west', 'us-west/a', 'us-west/c'], 'everywhere but us-west/b'],
    [['us-west/a'], 'us-west/a'],
    [['us-west/a', 'us-west/b'], 'us-west/a and us-west/b'],
  ])('%j', (some, words) => expect(whereWords(run, some, all)).toBe(words));
});

describe('histories', () => {
  const stretch = (fromUs: number, toUs: number, state: Stretch['state']): Stretch => ({
    fromUs,
    toUs,
    state,
    cause: 0,
  });
  const seen = [stretch(0, 10, 'up'), stretch(10, 20, 'down'), stretch(20, 30, 'up')];
  const blind = [stretch(0, 5, 'up'), stretch(5, 25, 'down'), stretch(25, 30, 'up')];

  it('agree where neither is masked', () => {
    expect(agree(seen, [], blind, [{ fromUs: 5, toUs: 25 }])).toBe(true);
    expect(agree(seen, [], blind, [{ fromUs: 5, toUs: 20 }])).toBe(false);
    expect(agree(seen, [], seen, [])).toBe(true);
  });

  it('fill in each other', () => {
    expect(
      filledIn(blind, [{ fromUs: 5, toUs: 25 }], seen, []).map((each) => [
        each.fromUs,
        each.toUs,
        each.state,
      ]),
    ).toEqual(seen.map((each) => [each.fromUs, each.toUs, each.state]));
  });
});

describe('failovers in words', () => {
  const run = threeZonesRun();
  const etcd = run.failovers.find((each) => each.system === 'etcd')!;

  it('say who noticed, who won and when it served again', () => {
    expect(failoverStory(run, etcd)).toBe(
      'the leader manager-2 went down with zone us-west/b (fault 1); manager-1 noticed after 6.1 s, took 1.3 s and 2 rounds ' +
        'to win term 4 and served again 19 ms later',
    );
    expect(failoverStory(run, { ...etcd, newLeader: 'manager-3', rounds: 1 })).toContain(
      'manager-1 noticed after 6.1 s, manager-3 took 1.3 s to win term 4',
    );
  });

  it('say where it stopped short', () => {
    const lost = { ...etcd, newLeader: null, newTerm: null, electedUs: null, recoveredUs: null };
    expect(failoverStory(run, lost)).toMatch(
      /noticed after 6\.1 s and no new leader was found before the run ended$/,
    );
    expect(failoverStory(run, { ...lost, detectedUs: null, detectedEvent: null })).toMatch(
      /; nobody noticed before the run ended$/,
    );
    expect(failoverStory(run, { ...etcd, recoveredUs: null })).toMatch(
      /and had not served again when the run ended$/,
    );
  });

  it('say when a leader was deposed or handed over, and nobody had to notice anything', () => {
    const at = { timeUs: 500 * SECOND, system: 'etcd' };
    const first = run.events.length + 1;
    const events = [
      ...run.events,
      {
        ...at,
        id: first,
        node: 'manager-1',
        event: 'campaign',
        term: 4,
        detail: 'its election timer ran out',
        cause: 0,
      },
      {
        ...at,
        id: first + 1,
        node: 'manager-2',
        event: 'leader-lost',
        term: 2,
        detail: 'manager-2 still reaches a quorum, but manager-1 has gone on',
        cause: first,
      },
    ];
    const deposed = {
      ...etcd,
      lostEvent: first + 1,
      detectedUs: 2_200,
      electedUs: 2_200,
      recoveredUs: 6_300,
    };
    expect(failoverStory({ ...run, events }, deposed)).toBe(
      "manager-2 still reaches a quorum, but manager-1 has gone on, because manager-1's election timer ran out (after " +
        'fault 1); manager-1 won term 4 after 2.2 ms and served again 4.1 ms later',
    );
    expect(
      failoverStory({ ...run, events }, { ...deposed, system: 'rethink-dtr', newLeader: 'dtr-1' }),
    ).toContain('dtr-1 became the primary after 2.2 ms');
  });

  it('say when no fault was to blame, or the leader itself was spared', () => {
    expect(failoverStory(run, { ...etcd, fault: 0 })).toMatch(
      /^the leader manager-2 was lost without a fault;/,
    );
    expect(failoverStory(run, { ...etcd, oldLeader: 'manager-1' })).toMatch(
      /^the leader manager-1 lost its quorum in fault 1 \(zone us-west\/b loses power\);/,
    );
  });
});

it('does not tell the same reason twice', () => {
  expect(findings(quorumLossRun()).degraded.map((each) => each.sentence)).toEqual([
    'etcd reads gave stale or reduced answers only from everywhere from 3:00 until the run ended (7 min), as above.',
  ]);
});

it('names members and counts other nodes', () => {
  const run = threeZonesRun();
  expect(nodesWords(run, run.faults[0]!, 4)).toBe('manager-2, dtr-2 and 4 workers');
  expect(nodesWords(run, { ...run.faults[0]!, nodes: ['worker-1'] }, 4)).toBe('worker-1');
});

it('counts verdicts in grammatical English', () => {
  const [pass, , fail, unsure] = threeZonesRun().objectives;
  const words = (...objectives: (typeof pass)[]) =>
    objectivesWords({ objectives: objectives.map((each) => each!) });
  expect(words()).toBe('no objectives are stated');
  expect(words(pass)).toBe('the objective passes');
  expect(words(pass, pass)).toBe('all 2 objectives pass');
  expect(words(fail, pass)).toBe('1 of 2 objectives fails');
  expect(words(fail, fail, unsure)).toBe('2 of 3 objectives fail, 1 is inconclusive');
  expect(words(pass, unsure, unsure)).toBe('2 of 3 objectives are inconclusive');
});
