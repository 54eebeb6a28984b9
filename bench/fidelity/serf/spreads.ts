/** A user event, or news of an agent's own, spreading from a random agent. Seconds until agents have it. */
import { rank, SerfCluster } from './cluster.ts';

export interface Spread {
  readonly first: number;
  readonly median: number;
  readonly p90: number;
  readonly last: number;
  readonly reached: number;
  /** Arrivals, the repeated ones too; of events only. */
  readonly receptions: number;
}

/** A serf user event with a short name and payload. */
const EVENT_BYTES = 60;
const LIMIT_S = 60;
/** Copies are on their way for so long after the last agent has it. */
const AFTERGLOW_S = 5;

export function spread(n: number, kind: 'event' | 'tag', seed: string): Spread {
  const cluster = new SerfCluster(n, `${kind}-${seed}`);
  const times: number[] = [];
  const seen = new Set<number>([0]);
  let receptions = 0;
  const arrived = (member: number) => {
    if (seen.has(member)) return;
    seen.add(member);
    times.push(cluster.seconds);
  };
  cluster.group.watch({
    eventReceived: ({ index }, _id, first) => {
      receptions++;
      if (first) arrived(index);
    },
    updated: ({ index }, subject) => {
      if (subject === 0) arrived(index);
    },
  });
  const origin = cluster.members[0]!.swim!;
  if (kind === 'event') origin.broadcastEvent({ id: 0, origin: 0, bytes: EVENT_BYTES, shelf: -1 });
  else origin.update(cluster.kernel.nowUs);
  cluster.runWhile(() => times.length < n - 1, LIMIT_S);
  cluster.runUntil(cluster.seconds + AFTERGLOW_S);
  return {
    first: times[0]!,
    median: rank(times, 0.5)!,
    p90: rank(times, 0.9)!,
    last: times.at(-1)!,
    reached: times.length,
    receptions,
  };
}
