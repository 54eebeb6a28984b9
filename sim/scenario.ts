/**
 * A scenario as the model takes it: every default filled in, every unit converted (microseconds, bytes, shares), every
 * selector in canonical form. scenarios/ reads a file into this; the model never sees a file. Plain JSON throughout.
 */
import type { FaultSpec } from './faults/fault-spec.ts';
import type { OperatorsSpec } from './faults/operators-spec.ts';
import type { ObjectiveSpec } from './measures/objectives.ts';
import type { SystemSpec } from './systems/system-spec.ts';
import type { WorldSpec } from './world/topology.ts';

export interface Scenario {
  readonly title: string;
  readonly description: string;
  readonly world: WorldSpec;
  readonly systems: readonly SystemSpec[];
  readonly faults: readonly FaultSpec[];
  /** Crews, maintenance, runbooks; absent where nobody is at work. */
  readonly operators?: OperatorsSpec;
  readonly objectives: readonly ObjectiveSpec[];
  /** Which vantages are measured: every place of these levels that holds a node, and these nodes by name. */
  readonly vantages: {
    readonly levels: readonly ('region' | 'datacenter' | 'zone' | 'node')[];
    readonly nodes: readonly string[];
  };
  readonly run: {
    readonly durationUs: number;
    /** Model time before time zero, in which the systems elect their first leaders; it is not measured. */
    readonly warmUpUs: number;
  };
}
