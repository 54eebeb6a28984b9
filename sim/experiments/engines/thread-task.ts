/** What crosses to a thread, and what it shares with the one that waits for it. */
import type { Chunk } from '../engine.ts';

export interface ThreadTask {
  readonly chunk: Chunk;
  /** One Int32: the run in hand, so that the death of a thread can be laid at a run's door. */
  readonly position: SharedArrayBuffer;
}

export function newPosition(chunk: Chunk): SharedArrayBuffer {
  const position = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  setPosition(position, chunk.from);
  return position;
}

export function setPosition(position: SharedArrayBuffer, run: number): void {
  Atomics.store(new Int32Array(position), 0, run);
}

export function positionOf(position: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(position), 0);
}
