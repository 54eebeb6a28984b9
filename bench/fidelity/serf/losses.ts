/** Members that fail at once and do not come back, and what the survivors make of it. Times in seconds after the fault. */
import { ALIVE, DEAD, SUSPECT } from '../../../sim/protocols/swim/index.ts';
import { SerfCluster, type Variant } from './cluster.ts';

export interface FailedProbe {
  readonly prober: number;
  readonly target: number;
  /** 1, 2, ...: of this prober in this trial. */
  readonly nth: number;
  readonly start: number;
  readonly duration: number;
}

export interface Victim {
  /** Failed probes by distinct probers, ascending. */
  readonly suspects: readonly number[];
  /** When each survivor first held it suspect, and dead; ascending. */
  readonly learned: readonly number[];
  readonly failed: readonly number[];
  /** Distinct survivors whose probe had failed before the first verdict; confirmations at that verdict. */
  readonly probersBeforeVerdict: number;
  readonly confirmations: number;
}

export interface Loss {
  readonly victims: readonly Victim[];
  readonly probes: readonly FailedProbe[];
  /** Survivors suspected by survivors. */
  readonly falseSuspicions: number;
}

const LIMIT_S = 150;

/** `count` of `n` agents fail at once. */
export function lose(n: number, count: number, variant: Variant, seed: string): Loss {
  const cluster = new SerfCluster(n, `${count}-${variant}-${seed}`);
  // Agents are exchangeable: the first ones will do.
  const isVictim = (member: number) => member < count;
  const victims = Array.from({ length: count }, () => ({
    suspects: [] as number[],
    probers: new Set<number>(),
    learned: [] as number[],
    failed: [] as number[],
    probersBeforeVerdict: 0,
    confirmations: 0,
  }));
  const probes: FailedProbe[] = [];
  const counts = new Map<number, number>();
  const learnt = new Set<number>();
  let missing = count * (n - count);
  let falseSuspicions = 0;
  cluster.group.watch({
    probeFailed: ({ index }, probe) => {
      if (isVictim(index)) return;
      const nth = (counts.get(index) ?? 0) + 1;
      counts.set(index, nth);
      const start = (probe.startUs - cluster.beganUs) / 1e6;
      probes.push({ prober: index, target: probe.target, nth, start, duration: cluster.seconds - start });
      const victim = victims[probe.target];
      if (victim === undefined || victim.probers.has(index)) return;
      victim.probers.add(index);
      victim.suspects.push(cluster.seconds);
    },
    changed: ({ index }, { subject, after, confirmations }) => {
      if (isVictim(index)) return;
      const victim = victims[subject];
      if (victim === undefined) {
        if (after !== ALIVE) falseSuspicions++;
        return;
      }
      if (after === SUSPECT && !learnt.has(index * count + subject)) {
        learnt.add(index * count + subject);
        victim.learned.push(cluster.seconds);
      }
      if (after === DEAD) {
        if (victim.failed.length === 0) {
          victim.probersBeforeVerdict = victim.probers.size;
          victim.confirmations = confirmations;
        }
        victim.failed.push(cluster.seconds);
        missing--;
      }
    },
  });
  for (let victim = 0; victim < count; victim++) cluster.fail(victim, variant);
  cluster.runWhile(() => missing > 0, LIMIT_S);
  return { victims, probes, falseSuspicions };
}
