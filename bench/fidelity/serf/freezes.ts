/** An agent that is stopped for a while and goes on. Times in seconds, after the stop or after it goes on. */
import { ALIVE, DEAD, SUSPECT } from '../../../sim/protocols/swim/index.ts';
import { rank, SerfCluster } from './cluster.ts';

export interface Freeze {
  readonly firstSuspect: number | undefined;
  readonly lastLearned: number | undefined;
  readonly firstFailed: number | undefined;
  readonly lastFailed: number | undefined;
  readonly refutes: number;
  /** After it goes on: its first refutation, survivors that take it back, the news of its being alive reaching them. */
  readonly refuted: number | undefined;
  readonly firstRejoin: number | undefined;
  readonly lastRejoin: number | undefined;
  readonly aliveMedian: number | undefined;
  readonly aliveLast: number | undefined;
}

/** After it goes on, everyone has the news by then. */
const AFTER_S = 40;

export function freeze(n: number, duration: number, seed: string): Freeze {
  const cluster = new SerfCluster(n, `freeze-${duration}-${seed}`);
  const learned: number[] = [];
  const failed: number[] = [];
  const refuted: number[] = [];
  const rejoined: number[] = [];
  const alive = new Map<number, number>();
  const since = () => cluster.seconds - duration;
  cluster.group.watch({
    changed: ({ index }, { subject, before, after }) => {
      if (subject !== 0 || index === 0) return;
      if (after === SUSPECT && learned.length < n - 1) learned.push(cluster.seconds);
      if (after === DEAD) failed.push(cluster.seconds);
      if (after === ALIVE) {
        if (!alive.has(index)) alive.set(index, since());
        if (before === DEAD) rejoined.push(since());
      }
    },
    updated: ({ index }, subject) => {
      if (subject === 0 && index !== 0 && !alive.has(index)) alive.set(index, since());
    },
    refuted: ({ index }) => {
      if (index === 0) refuted.push(since());
    },
  });
  cluster.fail(0, 'stop');
  cluster.runUntil(duration);
  cluster.resume(0);
  cluster.runWhile(() => alive.size < n - 1, duration + AFTER_S);
  const arrivals = [...alive.values()].sort((a, b) => a - b);
  return {
    firstSuspect: learned[0],
    lastLearned: learned.at(-1),
    firstFailed: failed[0],
    lastFailed: failed.at(-1),
    refutes: refuted.length,
    refuted: refuted[0],
    firstRejoin: rejoined[0],
    lastRejoin: rejoined.at(-1),
    aliveMedian: rank(arrivals, 0.5),
    aliveLast: arrivals.at(-1),
  };
}
