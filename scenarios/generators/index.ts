/** Every generated file of the library. */
import { placements } from './placements.ts';
import type { GeneratedFile } from './scenario-text.ts';

export function generatedFiles(): GeneratedFile[] {
  return placements();
}
