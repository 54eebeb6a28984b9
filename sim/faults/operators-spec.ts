/** What people do: repair crews, planned maintenance, and the runbooks that bring a quorum back. Plain data. */
import type { Distribution } from '../kernel/distribution.ts';
import type { NodeSelector } from './fault-spec.ts';

/** People who repair one thing at a time each; what fails while all are busy waits, first come first served. */
export interface CrewSpec {
  readonly name: string;
  /** How many can work at once. */
  readonly size: number;
}

/** A rolling restart never begins on a node that would leave fewer voters than this in service, of any system it votes in. */
export type QuorumGuard = 'quorum+1' | 'quorum' | 'none';

/** Nodes stopped in good order and started again, one after another, once or by a calendar. */
export interface MaintenanceSpec {
  /** '' when the scenario gives none. */
  readonly name: string;
  readonly atUs: number;
  /** From one beginning to the next; null = once. */
  readonly periodUs: number | null;
  /** In this order; each selector is settled when the round begins. */
  readonly order: readonly NodeSelector[];
  /** How long each node is down. */
  readonly duration: Distribution;
  /** From the start of one node to the stop of the next. */
  readonly settleUs: number;
  /** No node is begun so long after the beginning of the round, or later; null = no limit. */
  readonly windowUs: number | null;
  readonly guard: QuorumGuard;
  /** Where the scenario states it: `operators.maintenance[0]`. */
  readonly origin: string;
}

/** How a quorum is made from what is left. */
export type RunbookKind = 'force-new-cluster' | 'emergency-repair' | 'restore';

/** What people do when a system has had no quorum for too long. */
export interface RunbookSpec {
  readonly kind: RunbookKind;
  /** The system, by its own name. */
  readonly system: string;
  /** How long the quorum must be missing before anybody is called. */
  readonly afterUs: number;
  /** From the call to the beginning of the work. */
  readonly reaction: Distribution;
  /** How long the work takes; at its end there is a quorum again. */
  readonly duration: Distribution;
  /** For each other member to be joined again, one after another. */
  readonly rejoin: Distribution;
  /** The crew that does it; null = somebody is there. */
  readonly crew: string | null;
  /** Where the scenario states it: `operators.runbooks[0]`. */
  readonly origin: string;
}

export interface OperatorsSpec {
  readonly crews: readonly CrewSpec[];
  readonly maintenance: readonly MaintenanceSpec[];
  readonly runbooks: readonly RunbookSpec[];
}

export const NO_OPERATORS: OperatorsSpec = { crews: [], maintenance: [], runbooks: [] };
