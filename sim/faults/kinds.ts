/** Every kind of fault and what it does. A new kind is one file and one line here (and one entry in the scenario's schema). */
import { clockSkew } from './clock-skew.ts';
import { cut, isolate, partition } from './cut.ts';
import { delay } from './delay.ts';
import type { ActiveFault, FaultBehaviour, FaultContext } from './fault.ts';
import type { FaultEffect, FaultKind, NodeSelector } from './fault-spec.ts';
import { kill } from './kill.ts';
import { bandwidth, loss } from './loss.ts';
import { placeOutage, powerLoss } from './outage.ts';
import { pause } from './pause.ts';
import { slowDisk } from './slow-disk.ts';
import { restart, stop } from './stop.ts';

type Behaviours = { readonly [K in FaultKind]: FaultBehaviour<Extract<FaultEffect, { kind: K }>> };

const BEHAVIOURS: Behaviours = {
  kill,
  stop,
  restart,
  pause,
  'power-loss': powerLoss,
  'rack-outage': placeOutage as Behaviours['rack-outage'],
  'zone-outage': placeOutage as Behaviours['zone-outage'],
  'datacenter-outage': placeOutage as Behaviours['datacenter-outage'],
  'region-outage': placeOutage as Behaviours['region-outage'],
  cut,
  isolate,
  partition,
  delay,
  loss,
  bandwidth,
  'slow-disk': slowDisk,
  'clock-skew': clockSkew,
};

export const FAULT_KINDS = Object.keys(BEHAVIOURS) as FaultKind[];

export function beginFault(effect: FaultEffect, context: FaultContext): ActiveFault {
  return (BEHAVIOURS[effect.kind] as FaultBehaviour<FaultEffect>).begin(effect, context);
}

export function faultTitle(effect: FaultEffect, names: (selector: NodeSelector) => string): string {
  return (BEHAVIOURS[effect.kind] as FaultBehaviour<FaultEffect>).title(effect, names);
}
