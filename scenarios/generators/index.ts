/** Every generated file of the library. */
import { latencySpikes } from './latency-spikes.ts';
import { placements } from './placements.ts';
import { quorumLesson } from './quorum-lesson.ts';
import type { GeneratedFile } from './scenario-text.ts';
import { yearsOfLife } from './years-of-life.ts';

export function generatedFiles(): GeneratedFile[] {
  return [...placements(), ...latencySpikes(), ...quorumLesson(), ...yearsOfLife()];
}
