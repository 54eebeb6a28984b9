/** `operators` -> crews, maintenance and runbooks of the model. */
import type { OperatorsSpec } from '../../sim/faults/operators-spec.ts';
import type { ScenarioFile } from '../schema/file.ts';

export function resolveOperators(stated: ScenarioFile['operators']): OperatorsSpec | undefined {
  const crews = Object.entries(stated.crews).map(([name, { size }]) => ({ name, size }));
  if (crews.length === 0) return undefined;
  return { crews, maintenance: [], runbooks: [] };
}
