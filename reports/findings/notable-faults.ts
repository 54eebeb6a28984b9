/** Which faults of many are told one by one: those that outages and failovers go back to, the longest first. */
import type { FaultReport, Run } from '../../sim/run.ts';

/** At most so many, in the order of time; all of them where they are no more. */
export function notableFaults(run: Run, most: number): readonly FaultReport[] {
  if (run.faults.length <= most) return run.faults;
  const weight = new Map<number, number>();
  const add = (number: number, us: number) => weight.set(number, Math.max(weight.get(number) ?? 0, us));
  const numbers = new Map(run.faults.map((fault) => [fault.event, fault.number]));
  for (const { fromUs, toUs, causes } of run.outages) {
    for (const id of causes) {
      const number = numbers.get(id);
      if (number !== undefined) add(number, toUs - fromUs);
    }
  }
  for (const { fault, recoveredUs } of run.failovers) {
    if (fault > 0) add(fault, recoveredUs ?? run.durationUs);
  }
  const byWeight = [...run.faults].sort(
    (a, b) => (weight.get(b.number) ?? -1) - (weight.get(a.number) ?? -1) || a.number - b.number,
  );
  return byWeight.slice(0, most).sort((a, b) => a.number - b.number);
}
