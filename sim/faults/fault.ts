/** What a kind of fault must be able to do. One file for each kind (or family) stands beside this one. */
import type { Kernel } from '../kernel/kernel.ts';
import type { TraceId } from '../kernel/trace.ts';
import type { System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { FaultEffect, NodeSelector } from './fault-spec.ts';

export interface FaultContext {
  readonly kernel: Kernel;
  readonly world: World;
  readonly systems: readonly System[];
  /** The trace event of the fault's beginning. */
  readonly cause: TraceId;
  /** When it will end; null when it lasts. */
  readonly endUs: number | null;
  /** The nodes that a selector means now; hidden nodes (users) only where a place is meant and `users` is true. */
  select(selector: NodeSelector, users?: boolean): Node[];
  /** Calls `step` at fixed shares (0..1) of the fault's time, beginning now. */
  atShares(count: number, step: (share: number) => void): void;
}

/** A fault that is going on. */
export interface ActiveFault {
  readonly nodes: readonly Node[];
  /** It changed the state of a node, or a message felt it. */
  hadEffect(): boolean;
  /** Why it had none. */
  readonly note: string;
  end(cause: TraceId): void;
}

export interface FaultBehaviour<E extends FaultEffect> {
  begin(effect: E, context: FaultContext): ActiveFault;
  /** One clause: "zone us-west/b loses power". `names` gives the words for a selector. */
  title(effect: E, names: (selector: NodeSelector) => string): string;
}
