/** Many runs of several variants of one question. Run k has the same seed in every variant: they meet the same luck. */
import type { Seed } from '../kernel/streams.ts';
import type { Scenario } from '../scenario.ts';

export interface Variant {
  /** Short and unique: `nodes.manager.count=5`, or a file's name. */
  readonly name: string;
  /** Value of each axis that is varied, as the user wrote it; empty for a plain sweep. */
  readonly settings: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
}

export interface Study {
  readonly variants: readonly Variant[];
  readonly seed: Seed;
}

/** The seed of run k: `zonefall run FILE --seed S/k` repeats it alone. */
export function seedOfRun(seed: Seed, run: number): Seed {
  return `${seed}/${run}`;
}
