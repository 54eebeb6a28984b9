import type { SwimState } from './state.ts';

/** A node's idea of its own health (Lifeguard; memberlist awareness.go): failures worsen it, successes improve it. */
export function applyDelta(s: SwimState, delta: number): void {
  const worst = s.timings.config.awarenessMaxMultiplier - 1;
  s.score = Math.max(0, Math.min(worst, s.score + delta));
}
