/** What the trace says of an election, so that a reader can follow it without the code. */
import { describe, expect, test } from 'vitest';
import { constant } from '../../kernel/distribution.ts';
import { causesOf } from '../../kernel/trace.ts';
import { simulate } from '../../simulate.ts';
import { all, faultSpec, leaderOf, SECOND, smallScenario } from '../../testing.ts';

describe('a campaign', () => {
  test('tells the drawn time-out and when the leader was last heard, which is before the fault', () => {
    const run = simulate(
      smallScenario({ faults: [{ effect: { kind: 'kill', target: leaderOf('etcd') } }] }),
      { seed: 5 },
    );
    const campaign = run.events.find((event) => event.event === 'campaign')!;
    const told =
      /ran out: (\d+) ticks \(.* s\) without a word from m\d, last heard (\d+\.\d{3}) s before/.exec(
        campaign.detail,
      )!;
    const heardUs = campaign.timeUs - Number(told[2]) * SECOND;
    expect(heardUs).toBeLessThanOrEqual(10 * SECOND + 10_000);
    // The last word came within one heartbeat of the fault, and the timer is what was drawn, in whole ticks from it.
    expect(heardUs).toBeGreaterThan(9.8 * SECOND);
    const silence = Number(told[2]) / 0.1;
    expect(Math.abs(silence - Number(told[1]))).toBeLessThan(1.1);
  });
});

test('an answer is one to the question that was asked, however late it comes', () => {
  let late = 0;
  for (let seed = 1; seed <= 6; seed++) {
    const run = simulate(
      smallScenario({
        zones: [4, 1, 1, 1],
        systems: [['etcd', 'etcd-3.5']],
        latencyUs: { kind: 'uniform', low: 5_000, high: 150_000 },
        faults: [{ effect: { kind: 'kill', target: leaderOf('etcd') } }],
      }),
      { seed },
    );
    for (const answer of run.events.filter((event) => /^(pre-)?vote-/.test(event.event))) {
      const asked = run.events[answer.cause - 1]!;
      const question = answer.event.startsWith('pre-') ? 'pre-campaign' : 'campaign';
      expect([asked.event, asked.term]).toEqual([question, answer.term]);
      const next = run.events.find(
        (event) => event.id > asked.id && event.node === asked.node && /campaign$|^leader$/.test(event.event),
      );
      if (next !== undefined && next.id < answer.id) late++;
    }
  }
  expect(late).toBeGreaterThan(0);
});

describe('a campaign of one that has come back', () => {
  test('goes back to the outage that it comes back from, not to an earlier one', () => {
    let told = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const run = simulate(
        smallScenario({
          systems: [['etcd', 'etcd-2.3']],
          seconds: 120,
          faults: [
            faultSpec({
              effect: { kind: 'kill', target: leaderOf('etcd') },
              duration: constant(10 * SECOND),
            }),
            faultSpec({
              effect: { kind: 'power-loss', target: { kind: 'any', count: 2, of: all } },
              start: { kind: 'at', atUs: 60 * SECOND },
              duration: constant(20 * SECOND),
            }),
          ],
        }),
        { seed },
      );
      const second = run.faults[1]!;
      for (const { event, timeUs, id, node, detail } of run.events) {
        if (event !== 'campaign' || timeUs < 80 * SECOND) continue;
        expect(causesOf(run.events, id).map((cause) => cause.id)).toContain(second.event);
        if (!detail.includes('counted at its start')) continue;
        told++;
        expect(second.nodes).toContain(node);
        expect(detail).toMatch(/, 8 of them counted at its start\) without a leader since it came back \d/);
      }
      const later = run.failovers.filter(({ lostAtUs }) => lostAtUs > 50 * SECOND);
      expect(later.every(({ fault }) => fault === 2)).toBe(true);
    }
    expect(told).toBeGreaterThan(0);
  });
});

describe('a leader that still reaches a quorum', () => {
  test('is lost to the campaign that raised the term, not to the link that is merely cut', () => {
    const run = simulate(
      smallScenario({
        systems: [['raft', 'paper']],
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
        seconds: 20,
      }),
    );
    const lost = run.events.find((event) => event.event === 'leader-lost')!;
    expect(lost.detail).toMatch(/^m\d still reaches a quorum, but m\d has gone on to a higher term$/);
    expect(causesOf(run.events, lost.id).map((event) => event.event)).toEqual(['campaign', 'fault']);
  });

  test('has stepped down, when it did so by itself', () => {
    const run = simulate(
      smallScenario({
        systems: [['raft', 'etcd-raft']],
        faults: [
          faultSpec({
            effect: {
              kind: 'isolate',
              target: { kind: 'any', count: 1, of: { kind: 'followers', system: 'raft' } },
            },
            duration: { kind: 'constant', value: 5 * SECOND },
          }),
        ],
        seconds: 30,
      }),
    );
    // The term that the isolated follower has raised meets the leader after the heal.
    const lost = run.events.find((event) => event.event === 'leader-lost')!;
    expect(lost.detail).toMatch(/^m\d has stepped down; 3 of 3 voters can talk to each other/);
    expect(run.events[lost.cause - 1]!.event).toBe('step-down');
  });

  test('loses it to the cut when that takes the quorum', () => {
    const run = simulate(
      smallScenario({ faults: [{ effect: { kind: 'isolate', target: leaderOf('etcd') } }] }),
    );
    const lost = run.events.find((event) => event.event === 'leader-lost')!;
    expect(lost.detail).toMatch(/no longer leads a quorum; 2 of 3 voters can talk to each other/);
    expect(causesOf(run.events, lost.id).map((event) => event.event)).toEqual(['fault']);
  });
});
