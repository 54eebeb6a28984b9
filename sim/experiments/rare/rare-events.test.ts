import { expect, test } from 'vitest';
import { quorumOf } from '../../exact/majority.ts';
import { smallPlatform } from '../../exact/testing.ts';
import type { FaultEffect, FaultSpec } from '../../faults/fault-spec.ts';
import type { Scenario } from '../../scenario.ts';
import { exactAnswers } from '../exact/answers.ts';
import { rowsOf } from '../outcome.ts';
import { meanInterval } from '../statistics/index.ts';
import { type Cycle, drawCycle } from './cycle.ts';
import { playCycle, type RareModel, rareEstimates, rareModel } from './rare-events.ts';

const MINUTE = 60_000_000;
const powerLoss = (node: string): FaultEffect => ({ kind: 'power-loss', target: { kind: 'node', node } });

interface Question {
  readonly zones: readonly number[];
  /** Mean minutes between failures of a member, and of a repair. */
  readonly up: number;
  readonly down: number;
  readonly changes?: Partial<FaultSpec>;
}

function platform({ zones, up, down, changes = {} }: Question): Scenario {
  const base = smallPlatform({ zones, systems: [{ kind: 'etcd' }] });
  return {
    ...base,
    vantages: { levels: ['region'], nodes: [] },
    faults: [
      {
        name: 'node',
        start: { kind: 'every', interval: { kind: 'exponential', mean: up * MINUTE } },
        repeat: null,
        duration: { kind: 'exponential', mean: down * MINUTE },
        effect: powerLoss('m1'),
        each: base.world.nodes.map(({ name }) => ({ name, effect: powerLoss(name) })),
        origin: 'life[0]',
        ...changes,
      },
    ],
    operators: { crews: [{ name: 'ops', size: 1 }], maintenance: [], runbooks: [] },
    run: { durationUs: 1_000_000 * MINUTE, warmUpUs: 60_000_000 },
  };
}

function modelOf(question: Question): RareModel {
  const model = rareModel(platform(question));
  if (typeof model === 'string') throw new Error(model);
  return model;
}

const exactOf = (question: Question) =>
  exactAnswers(platform(question)).find(({ operation }) => operation === 'write')!.longRun!;

const cyclesOf = (model: RareModel, seed: string, n: number) =>
  Array.from({ length: n }, (_, k) =>
    drawCycle(model.processes, model.scenario.operators!.crews, `${seed}/${k}`, model.isGoal),
  );

/** Time of a cycle in which fewer than a quorum of the members are up. */
function timeWithoutQuorum({ processes, scenario }: RareModel, { failures }: Cycle): number {
  const { members } = scenario.systems[0]!;
  const nodesOf = (process: number) =>
    processes[process]!.effects.map((effect) =>
      effect.kind === 'power-loss' && effect.target.kind === 'node' ? effect.target.node : '',
    );
  const edges = [...new Set(failures.flatMap(({ fromUs, toUs }) => [fromUs, toUs]))].sort((a, b) => a - b);
  let lostUs = 0;
  edges.slice(1).forEach((toUs, i) => {
    const down = new Set(
      failures
        .filter((one) => one.fromUs < toUs && one.toUs >= toUs)
        .flatMap(({ process }) => nodesOf(process)),
    );
    if (members.length - down.size < quorumOf(members.length)) lostUs += toUs - edges[i]!;
  });
  return lostUs;
}

const CREW = { crew: 'ops' };
const QUESTIONS: readonly (readonly [string, Question])[] = [
  ['three members', { zones: [1, 1, 1], up: 6e4, down: 30 }],
  ['three that hardly ever fail', { zones: [1, 1, 1], up: 6e6, down: 30 }],
  ['five members', { zones: [2, 2, 1], up: 2e4, down: 30 }],
  ['seven members', { zones: [3, 2, 2], up: 2e4, down: 30 }],
  ['three members and one crew', { zones: [1, 1, 1], up: 6e5, down: 30, changes: CREW }],
  [
    'a common cause',
    {
      zones: [1, 1, 1],
      up: 6e6,
      down: 30,
      changes: { commonCauses: [{ name: '', share: 0.001, members: ['m1', 'm2'] }] },
    },
  ],
];

test('weights have mean one', () => {
  for (const [name, question] of QUESTIONS) {
    const weights = cyclesOf(modelOf(question), `weights ${name}`, 15_000).map(({ weight }) => weight);
    const { lower, upper } = meanInterval(weights, 0.999);
    expect(lower, name).toBeLessThan(1);
    expect(upper, name).toBeGreaterThan(1);
    expect(upper - lower, name).toBeLessThan(0.2);
  }
});

test.each(QUESTIONS)(
  '%s: cycles of failures give the exact answer, from 1e-6 down to 1e-13',
  (name, question) => {
    const exact = exactOf(question);
    expect(exact).toBeLessThan(1e-6);
    const model = modelOf(question);
    let covered = 0;
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const cycles = cyclesOf(model, `${name} ${seed}`, 10_000);
      const busyUs = cycles.reduce((sum, { weight, lengthUs }) => sum + weight * lengthUs, 0) / cycles.length;
      const lost = meanInterval(cycles.map((cycle) => cycle.weight * timeWithoutQuorum(model, cycle)));
      const share = (us: number) => us / (model.meanIdleUs + busyUs);
      if (share(lost.lower) <= exact && exact <= share(lost.upper)) covered++;
      expect(lost.upper / lost.lower, seed).toBeLessThan(3);
    }
    expect(covered).toBeGreaterThanOrEqual(4);
  },
);

test.each([
  ['three members', { zones: [1, 1, 1], up: 6e5, down: 30 }],
  ['five members', { zones: [2, 2, 1], up: 2e4, down: 30 }],
] as const)(
  '%s: played through the model, the time without a quorum is the exact answer',
  (_name, question) => {
    const exact = exactOf(question);
    expect(exact).toBeLessThan(1e-7);
    const model = modelOf(question);
    const rows = rowsOf(model.scenario).operations;
    let covered = 0;
    for (const seed of ['a', 'b', 'c', 'd']) {
      const played = Array.from({ length: 250 }, (_, k) => playCycle(model, seed, k));
      const { noQuorum, unavailability } = rareEstimates(model, rows, played)[0]!;
      if (noQuorum.lower <= exact && exact <= noQuorum.upper) covered++;
      // Elections come on top: at such rarity they are nearly all of it.
      expect(unavailability.lower).toBeGreaterThan(noQuorum.estimate);
    }
    expect(covered).toBeGreaterThanOrEqual(3);
  },
  300_000,
);

test('a cycle is the same for the same seed and number', () => {
  const model = modelOf(QUESTIONS[0]![1]);
  expect(cyclesOf(model, 'same', 3)).toEqual(cyclesOf(model, 'same', 3));
  expect(cyclesOf(model, 'same', 2)[1]).not.toEqual(cyclesOf(model, 'same', 2)[0]);
});

test('where there is no such cycle the reason is given', () => {
  const because = (changes: Partial<FaultSpec>) =>
    rareModel(platform({ zones: [1, 1, 1], up: 100, down: 10, changes }));
  expect(because({ duration: null })).toMatch('never repaired');
  expect(because({ start: { kind: 'every', interval: { kind: 'weibull', shape: 2, scale: 1 } } })).toMatch(
    'not exponential',
  );
  expect(because({ start: { kind: 'at', atUs: 1 } })).toMatch('planned');
});
