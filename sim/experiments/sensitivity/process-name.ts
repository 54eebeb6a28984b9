import type { FaultSpec } from '../../faults/fault-spec.ts';
import { faultLabel } from '../../faults/label.ts';

/** `zone-outage us-west/b`; of a process for each of several `power-loss of each of 7`; the file's own name where it gives one. */
export function processName(spec: FaultSpec): string {
  if (spec.each === undefined || spec.name !== '') return faultLabel(spec);
  const [one] = spec.each;
  return spec.each.length === 1
    ? `${spec.effect.kind} of ${one!.name}`
    : `${spec.effect.kind} of each of ${spec.each.length}`;
}
