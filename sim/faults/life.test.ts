import { describe, expect, test } from 'vitest';
import { constant, type Distribution, mean } from '../kernel/distribution.ts';
import { Kernel } from '../kernel/kernel.ts';
import { DAY, HOUR, YEAR } from '../kernel/time.ts';
import type { FaultReport } from '../run.ts';
import { faultSpec, node, smallScenario } from '../testing.ts';
import { World } from '../world/world.ts';
import { FaultRunner } from './fault-runner.ts';
import type { FaultSpec } from './fault-spec.ts';
import { effectsOf, lifeProcesses } from './life.ts';
import type { CrewSpec } from './operators-spec.ts';

const exponential = (us: number): Distribution => ({ kind: 'exponential', mean: us });
const lognormal: Distribution = { kind: 'lognormal', mu: 23, sigma: 0.8 };
const weibull: Distribution = { kind: 'weibull', shape: 0.7, scale: 30 * DAY };

const each = (...names: string[]) =>
  names.map((name) => ({ name, effect: { kind: 'power-loss' as const, target: node(name) } }));

function life(names: readonly string[], more: Partial<FaultSpec> = {}): FaultSpec {
  return faultSpec({
    start: { kind: 'every', interval: exponential(30 * DAY) },
    duration: exponential(10 * HOUR),
    effect: { kind: 'power-loss', target: node(names[0]!) },
    each: each(...names),
    ...more,
  });
}

/** Faults in a world without systems: only what breaks, for years in no time. */
function reports(
  faults: readonly FaultSpec[],
  { years = 100, seed = 1, crews = [] as readonly CrewSpec[] } = {},
): FaultReport[] {
  const kernel = new Kernel(seed);
  const { world } = smallScenario({ zones: [2, 2, 1] });
  const runner = new FaultRunner(kernel, new World(kernel, world), faults, {
    crews,
    maintenance: [],
    runbooks: [],
  });
  kernel.trace.begin();
  runner.start([]);
  kernel.runUntil(years * YEAR);
  return runner.reports();
}

const times = (all: readonly FaultReport[], entity: string) =>
  all.filter((one) => one.entity === entity).map(({ fromUs, toUs }) => [fromUs, toUs]);

/** Of one entity: how long it was up and down, in turn. */
function spells(all: readonly FaultReport[], entity: string): { ups: number[]; downs: number[] } {
  const ups: number[] = [];
  const downs: number[] = [];
  let since = 0;
  for (const [fromUs, toUs] of times(all, entity)) {
    if (toUs === null) break;
    ups.push(fromUs! - since);
    downs.push(toUs! - fromUs!);
    since = toUs!;
  }
  return { ups, downs };
}

const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('a process of failure and repair', () => {
  test.each<[string, Distribution, Distribution]>([
    ['exponential', exponential(30 * DAY), exponential(10 * HOUR)],
    ['weibull and lognormal', weibull, lognormal],
    ['uniform and constant', { kind: 'uniform', low: 10 * DAY, high: 20 * DAY }, constant(8 * HOUR)],
  ])(
    '%s: up and down times have the stated means, and availability is MTBF / (MTBF + MTTR)',
    (_, up, down) => {
      const spec = life(['m1'], { start: { kind: 'every', interval: up }, duration: down });
      const { ups, downs } = spells(reports([spec], { years: 250 }), 'm1');
      expect(ups.length).toBeGreaterThan(1500);
      const [mtbf, mttr] = [mean(up), mean(down)];
      const within = (values: readonly number[], expected: number) => {
        const spread = Math.sqrt(average(values.map((value) => (value - average(values)) ** 2)));
        // 99 %: 2.576 standard errors.
        expect(Math.abs(average(values) - expected)).toBeLessThan(
          (2.576 * spread) / Math.sqrt(values.length) + 1,
        );
      };
      within(ups, mtbf);
      within(downs, mttr);
      // Of a renewal process the error of the availability is that of (down - (1 - A) x cycle), cycle by cycle.
      const exact = mtbf / (mtbf + mttr);
      const cycles = ups.map((value, i) => value + downs[i]!);
      const errors = cycles.map((cycle, i) => downs[i]! - (1 - exact) * cycle);
      const sd = Math.sqrt(average(errors.map((error) => error ** 2)) / errors.length) / average(cycles);
      const seen = ups.reduce((a, b) => a + b, 0) / cycles.reduce((a, b) => a + b, 0);
      expect(Math.abs(seen - exact)).toBeLessThan(2.576 * sd + 1e-12);
    },
  );

  test('an entity that is never repaired fails once', () => {
    const all = reports([life(['m1', 'm2'], { duration: null })]);
    expect(all.map((one) => [one.entity, one.toUs])).toEqual(
      expect.arrayContaining([
        ['m1', null],
        ['m2', null],
      ]),
    );
    expect(all).toHaveLength(2);
  });

  test('a failure past the end of time does not happen', () => {
    expect(reports([life(['m1'], { start: { kind: 'every', interval: constant(280 * YEAR) } })])).toEqual([]);
    const late = life(['m1'], { start: { kind: 'every', interval: constant(1e18) } });
    expect(reports([late])).toEqual([]);
  });
});

describe('everything has luck of its own', () => {
  test('another entity, another process and another order change no failure of the others', () => {
    const alone = reports([life(['m1', 'm2'])]);
    const more = reports([
      life(['m4', 'm5'], { name: 'other', start: { kind: 'every', interval: exponential(3 * DAY) } }),
      life(['m3', 'm2', 'm1']),
    ]);
    for (const name of ['m1', 'm2']) expect(times(more, name)).toEqual(times(alone, name));
    expect(times(alone, 'm1')).not.toEqual(times(alone, 'm2'));
  });

  test('the n-th failure draws the same however long the repairs took', () => {
    const quick = spells(reports([life(['m1'])]), 'm1').ups;
    const slow = spells(reports([life(['m1'], { duration: exponential(200 * HOUR) })]), 'm1').ups;
    expect(slow.slice(0, 500)).toEqual(quick.slice(0, 500));
  });

  test('another seed is another life', () => {
    expect(reports([life(['m1'])], { seed: 2 })).not.toEqual(reports([life(['m1'])]));
  });
});

describe('people', () => {
  const spec = (more: Partial<FaultSpec> = {}) =>
    life(['m1', 'm2', 'm3', 'm4', 'm5'], {
      start: { kind: 'every', interval: exponential(5 * DAY) },
      duration: constant(12 * HOUR),
      ...more,
    });

  test('a reaction comes before the repair', () => {
    const { downs } = spells(reports([spec({ reaction: constant(3 * HOUR) })], { years: 2 }), 'm1');
    expect(new Set(downs)).toEqual(new Set([15 * HOUR]));
  });

  test.each([1, 2])('no more than %i of a crew work at once, first come first served', (size) => {
    const crews = [{ name: 'hands', size }];
    const all = reports([spec({ crew: 'hands' })], { years: 20, crews }).filter((one) => one.toUs !== null);
    // As a queue by hand: each takes the worker that is free first.
    const free = new Array<number>(size).fill(0);
    for (const { fromUs, toUs } of all) {
      const worker = free.indexOf(Math.min(...free));
      const beginsUs = Math.max(fromUs, free[worker]!);
      expect(toUs).toBe(beginsUs + 12 * HOUR);
      free[worker] = toUs!;
    }
    expect(all.filter(({ fromUs, toUs }) => toUs! - fromUs > 12 * HOUR).length).toBeGreaterThan(10);
  });

  test('a crew is shared by the processes that name it', () => {
    const crews = [{ name: 'hands', size: 1 }];
    const two = [
      life(['m1'], { name: 'a', crew: 'hands', start: { kind: 'every', interval: constant(DAY) } }),
      life(['m2'], { name: 'b', crew: 'hands', start: { kind: 'every', interval: constant(DAY) } }),
    ].map((one) => ({ ...one, duration: constant(2 * HOUR) }));
    const [first, second] = reports(two, { years: 0.01, crews });
    expect([first!.toUs, second!.toUs]).toEqual([DAY + 2 * HOUR, DAY + 4 * HOUR]);
  });
});

describe('a common cause', () => {
  const beta = 0.2;
  const spec = life(['m1', 'm2', 'm3'], {
    commonCauses: [{ name: 'building', share: beta, members: ['m1', 'm2'] }],
  });

  test('takes a share beta of the failures of each member, and the member itself the rest', () => {
    const years = 280;
    const all = reports([spec], { years });
    const count = (entity: string) => all.filter((one) => one.entity === entity).length;
    const uptime = years * YEAR * (30 / (30 + 10 / 24));
    for (const [entity, rate] of [
      ['m1', 1 - beta],
      ['m2', 1 - beta],
      ['m3', 1],
      ['building', beta],
    ] as const) {
      const expected = (rate * uptime) / (30 * DAY);
      expect(Math.abs(count(entity) - expected)).toBeLessThan(2.576 * Math.sqrt(expected) + 0.01 * expected);
    }
  });

  test('takes all its members at once, and their own clocks stand still meanwhile', () => {
    const all = reports([spec]);
    const groups = all.filter((one) => one.entity === 'building');
    for (const one of groups) {
      expect(one.nodes).toEqual(['m1', 'm2']);
      expect(one.title).toBe('common cause building: m1 loses power, m2 loses power');
      const inside = all.filter(
        ({ entity, fromUs }) =>
          (entity === 'm1' || entity === 'm2') && fromUs > one.fromUs && fromUs < (one.toUs ?? fromUs),
      );
      expect(inside).toEqual([]);
    }
    expect(groups.length).toBeGreaterThan(100);
  });

  test('everything shared leaves nothing to the members alone', () => {
    const whole = [{ name: '', share: 1, members: ['m1', 'm2'] }];
    const processes = lifeProcesses([life(['m1', 'm2'], { commonCauses: whole })]);
    expect(processes.map(({ entity, members }) => [entity, members])).toEqual([['m1, m2', ['m1', 'm2']]]);
  });

  test('a report tells which effects it stands for', () => {
    const faults = [spec];
    const of = (entity: string) => effectsOf(faults, { index: 0, entity }).map((effect) => effect.kind);
    expect(of('m3')).toEqual(['power-loss']);
    expect(of('building')).toEqual(['power-loss', 'power-loss']);
    expect(effectsOf(faults, { index: -1 })).toEqual([]);
  });
});
