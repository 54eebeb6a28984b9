/** A short name for an entry of the scenario's faults: the same for all the times it happens, in every run. */
import type { FaultEffect, FaultSpec } from './fault-spec.ts';
import { selectorWords } from './words.ts';

/** The kind and the entry's own name (`zone-outage fire`), or what it strikes (`zone-outage us-west/b`, `kill any manager`). */
export function faultLabel({ name, effect }: Pick<FaultSpec, 'name' | 'effect'>): string {
  return `${effect.kind} ${name === '' ? struck(effect) : name}`;
}

function struck(effect: FaultEffect): string {
  if ('place' in effect) return effect.place;
  if ('target' in effect) return selectorWords(effect.target);
  if ('groups' in effect) return effect.groups.map(selectorWords).join(' | ');
  const between = effect.direction === 'both' ? '-' : '->';
  return `${selectorWords(effect.from)} ${between} ${selectorWords(effect.to)}`;
}
