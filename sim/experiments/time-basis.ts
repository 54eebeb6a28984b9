/**
 * By what time figures are told: a year, a run, or a whole script. The one place that decides it, for all commands and
 * pictures. What fails by chance has a rate, and a rate can be told by the year from runs of any length. A fault at a fixed
 * time has none: it happens once in a run, however long that is, and is never stretched.
 */
import type { FaultStart } from '../faults/fault-spec.ts';
import type { Scenario } from '../scenario.ts';

export type TimeBasis =
  /** Nothing is played: rates, whatever the length of the runs. */
  | { readonly kind: 'year' }
  /** A script is played, in runs that are all so long. */
  | { readonly kind: 'run'; readonly durationUs: number; readonly byChance: boolean }
  /** Scripts and nothing else, in runs of different length: what each is down in all, for lengths mean nothing. */
  | { readonly kind: 'script' }
  /**
   * A script is played and things fail by chance, in runs of different length. Each can be told by its own run; none can be
   * held against another, for chance has had longer in one of them.
   */
  | { readonly kind: 'apart' };

export type TimedScenario = Pick<Scenario, 'faults' | 'operators' | 'run'>;

/** Of what is told together: the variants of a sweep, both sides of a comparison, or one scenario. */
export function timeBasisOf(scenarios: readonly TimedScenario[]): TimeBasis {
  const [first, ...others] = scenarios;
  if (first === undefined || !scenarios.some(hasScript)) return { kind: 'year' };
  const byChance = scenarios.some(hasChance);
  const { durationUs } = first.run;
  if (others.every(({ run }) => run.durationUs === durationUs)) return { kind: 'run', durationUs, byChance };
  return { kind: byChance ? 'apart' : 'script' };
}

/** Whether something is planned for a time of the run: a fault, or maintenance that is done once. */
function hasScript({ faults, operators }: TimedScenario): boolean {
  return (
    faults.some(({ start }) => start.kind === 'at' && !isNever(start)) ||
    (operators?.maintenance ?? []).some(({ periodUs }) => periodUs === null)
  );
}

/** Whether something comes again and again, by chance or by the calendar: more of it in a longer run. */
function hasChance({ faults, operators }: TimedScenario): boolean {
  return (
    faults.some(({ start }) => start.kind === 'every') ||
    (operators?.maintenance ?? []).some(({ periodUs }) => periodUs !== null)
  );
}

/** Later than any run ends: how a fault is taken out without changing the numbers of the others. */
export const NEVER_US = Number.MAX_SAFE_INTEGER;

export function isNever(start: FaultStart): boolean {
  return start.kind === 'at' && start.atUs === NEVER_US;
}

/** How many faults and maintenances a run plays by its script, each repetition counted. */
export function scriptLength({ faults, operators, run }: TimedScenario): number {
  const played = faults.reduce((sum, { start, repeat }) => {
    if (start.kind === 'every' || isNever(start)) return sum;
    if (start.kind === 'after') return sum + (repeat?.times ?? 1);
    const { times, periodUs } = repeat ?? { times: 1, periodUs: 1 };
    const within = Math.max(0, Math.ceil((run.durationUs - start.atUs) / periodUs));
    return sum + Math.min(times, within);
  }, 0);
  return played + (operators?.maintenance ?? []).filter(({ periodUs }) => periodUs === null).length;
}

/**
 * Whether all play the same: faults of the same kinds at the same times for as long. What they strike may differ, for places
 * and nodes have other names in another placement.
 */
export function isSameScript(scenarios: readonly TimedScenario[]): boolean {
  return new Set(scenarios.map(scriptOf)).size <= 1;
}

function scriptOf({ faults, operators }: TimedScenario): string {
  const played = faults
    .filter(({ start }) => start.kind !== 'every' && !isNever(start))
    .map(({ start, repeat, duration, reaction, effect }) => {
      // The number of a fault in its file says nothing in another one.
      const begins = start.kind === 'after' ? { ...start, fault: 0 } : start;
      return [effect.kind, begins, repeat, duration, reaction ?? null];
    });
  const maintained = (operators?.maintenance ?? [])
    .filter(({ periodUs }) => periodUs === null)
    .map(({ atUs, duration }) => ['maintenance', atUs, duration]);
  return JSON.stringify([...played, ...maintained]);
}
