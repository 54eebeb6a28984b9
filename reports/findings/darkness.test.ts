/** Users who had no power themselves: never proof that something kept working, never left unmentioned. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenarios/index.ts';
import type { Run } from '../../sim/run.ts';
import { simulate } from '../../sim/simulate.ts';
import { randomScenario } from '../../sim/testing.ts';
import { groupBy } from '../grouping.ts';
import { timelineSvg } from '../svg/index.ts';
import { powerLosses } from './dark.ts';
import { headline } from './headline.ts';
import { serviceOf } from './lanes.ts';
import { findings } from './sentences.ts';

const runOf = (text: string): Run => simulate(loadScenario(`version: 1\n${text}`).scenario, { seed: 1 });

/** Most managers in us, which goes dark; later the only place of eu does. */
const inTurn = runOf(`
topology: { w: { region: us, zones: [a, b] }, f: { region: eu } }
nodes: { manager: { placement: { w/a: 2, w/b: 2, f: 1 } } }
systems: { etcd: { members: manager } }
timeline: [ { at: 1m, region-outage: us, for: 3m }, { at: 8m, datacenter-outage: f, for: 1m } ]
run: { duration: 10m }`);

/** us goes dark; later eu is cut off, and us is not. */
const thenCut = (zones: string, placement: string) =>
  runOf(`
topology: { w: { region: us, zones: ${zones} }, e: { region: eu, zones: [a] } }
nodes: { manager: { placement: ${placement} } }
systems: { etcd: { members: manager, profile: etcd-3.5 } }
timeline: [ { at: 1m, region-outage: us, for: 3m }, { at: 6m, cut: { between: [w, e] }, for: 1m } ]
run: { duration: 10m }`);
const oneView = thenCut('[a]', '{ w: 2, e: 1 }');
const manyViews = thenCut('[a, b]', '{ w/a: 1, w/b: 1, e: 1 }');

const alone = runOf(`
topology: { w: { region: us, zones: [a, b] } }
nodes: { manager: { placement: { w/a: 2, w/b: 1 } } }
systems: { etcd: { members: manager } }
timeline: [ { at: 1m, region-outage: us, for: 3m } ]
run: { duration: 10m }`);

describe('the headline', () => {
  it('takes nobody in the dark for proof that writes went on', () => {
    expect(headline(inTurn)).toBe(
      '2 faults in 10 min: etcd writes fail for 2 min 46 s. From us itself nothing works for 3 min. From eu itself nothing works for 1 min.',
    );
    const { stopped, survived } = findings(inTurn);
    expect(stopped[0]!.sentence).toMatch(/^etcd writes failed from everywhere for 2 min 46 s from 1:00: /);
    expect(survived).toEqual([]);
  });

  it('tells of users in the dark though others fail longer', () => {
    expect(headline(oneView)).toBe(
      '2 faults in 10 min: from eu, etcd writes fail twice (3 min 47 s in all, at most 2 min 54 s). From us itself nothing works for 3 min.',
    );
  });

  it('asks the others where those who speak for all are in the dark', () => {
    expect(headline(manyViews)).toMatch(
      /^2 faults in 10 min: etcd writes fail for 2 min \d+ s, but from eu etcd writes fail twice \(3 min \d+ s in all, at most 2 min \d+ s\)\. From us itself nothing works for 3 min\.$/,
    );
    const writes = findings(manyViews).stopped[0]!;
    expect(writes.sentence).toMatch(/^etcd writes failed from eu twice/);
    // Nobody could write, so it was lost to all.
    expect(writes.impact).not.toEqual([]);
  });

  it('says when everybody is in the dark', () => {
    expect(headline(alone)).toMatch(
      /^Region us loses power at 1:00: every place is dark and nothing works for 3 min; else every operation keeps working, requests wait at most [\d.]+ (m?s|s)\.$/,
    );
    expect(findings(alone).survived.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(
        /^etcd writes and reads worked from everywhere but for 3 min without power: no request failed; those sent during the failover waited up to /,
      ),
    ]);
  });

  it('names the worst of many places in the dark', () => {
    const rolling = runOf(`
topology: { w: { region: us, zones: [a, b, c] } }
nodes: { manager: { placement: { w/a: 1, w/b: 1, w/c: 1 } } }
systems: { etcd: { members: manager } }
timeline:
  - { at: 1m, zone-outage: w/a, for: 1m }
  - { at: 4m, zone-outage: w/b, for: 2m }
  - { at: 8m, zone-outage: w/c, for: 1m }
run: { duration: 10m }`);
    expect(headline(rolling)).toContain(
      '. Nothing works from 3 places while they are dark themselves, from w/b the longest: for 2 min.',
    );
  });

  it('never says that everything kept working when something was down from everywhere', () => {
    let downEverywhere = 0;
    fc.assert(
      fc.property(randomScenario, (scenario) => {
        const run = simulate(scenario, { seed: 5 });
        if (!anyDownEverywhere(run)) return;
        downEverywhere++;
        expect(headline(run)).not.toMatch(/: (every operation keeps working|nothing stops)/);
      }),
      { numRuns: 60 },
    );
    expect(downEverywhere).toBeGreaterThan(5);
  }, 60_000);
});

/** Whether some operation was down from all vantages at once. */
function anyDownEverywhere(run: Run): boolean {
  const operations = groupBy(run.availability, (each) => `${each.system} ${each.operation}`);
  return [...operations.values()].some((intervals) =>
    intervals.some(({ fromUs }) =>
      run.vantages.every(({ name }) =>
        intervals.some(
          (each) =>
            each.vantage === name && each.state === 'down' && each.fromUs <= fromUs && fromUs < each.toUs,
        ),
      ),
    ),
  );
}

describe('the strip of a failover', () => {
  it('shows what those met who had power', async () => {
    const svg = await timelineSvg(manyViews);
    expect(svg).toMatch(/no quorum for 3 min · [^<]*requests failed for 2 min \d+ s, then waited up to/);
  });

  it('says that users were in the dark', async () => {
    expect(await timelineSvg(alone)).toMatch(
      /no quorum for 3 min · [^<]*users dark for 3 min · requests waited up to [^<]* m?s</,
    );
  });
});

describe('a place is in the dark', () => {
  const minutes = (run: Run, name: string) =>
    powerLosses(run)
      .get(name)
      ?.map(({ fromUs, toUs, fault }) => [fromUs / 60e6, toUs / 60e6, fault]);

  it('when all places with users in it are, whichever fault took them', () => {
    const run = runOf(`
topology: { w: { region: us, zones: [a] }, e: { region: us, zones: [a] }, f: { region: eu } }
nodes: { manager: { placement: { w: 1, e: 1, f: 1 } } }
systems: { etcd: { members: manager } }
timeline:
  - { at: 1m, datacenter-outage: w, for: 3m }
  - { at: 2m, zone-outage: e/a, for: 3m }
  - { at: 7m, datacenter-outage: f, for: 1m }
run: { duration: 10m }`);
    expect(minutes(run, 'w')).toEqual([[1, 4, 1]]);
    expect(minutes(run, 'us')).toEqual([[2, 4, 2]]);
    expect(minutes(run, 'eu')).toEqual([[7, 8, 3]]);
    expect(serviceOf(run).dark.map(({ where, spans }) => [where, spans.length])).toContainEqual(['eu', 1]);
  });

  it('not when only its machines are switched off', () => {
    const run = runOf(`
topology: { w: { region: us, zones: [a, b, c] } }
nodes: { manager: { placement: { w/a: 1, w/b: 1, w/c: 1 } } }
systems: { etcd: { members: manager } }
timeline: [ { at: 1m, power-loss: manager-1, for: 3m } ]
run: { duration: 10m }`);
    expect(powerLosses(run).size).toBe(0);
  });
});
