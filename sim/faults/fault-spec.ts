/** Faults as data: what breaks, when, for how long. One file for each kind stands beside this one. */
import type { Distribution } from '../kernel/distribution.ts';

/**
 * Which nodes. `leader`, `followers`, `majority`, `minority` and `any` are resolved at the moment the fault begins;
 * `majority` and `minority` are with and without the leader where they can be.
 */
export type NodeSelector =
  | { readonly kind: 'all' }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'place'; readonly place: string }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  | { readonly kind: 'members' | 'leader' | 'followers' | 'majority' | 'minority'; readonly system: string }
  /** `count` of them, drawn from the fault's own stream. */
  | { readonly kind: 'any'; readonly count: number; readonly of: NodeSelector }
  | { readonly kind: 'union'; readonly of: readonly NodeSelector[] }
  | { readonly kind: 'intersection'; readonly of: readonly NodeSelector[] }
  | { readonly kind: 'not'; readonly of: NodeSelector };

export type FaultStart =
  | { readonly kind: 'at'; readonly atUs: number }
  /** `delayUs` after another fault (by its index in the scenario) begins or ends. */
  | {
      readonly kind: 'after';
      readonly fault: number;
      readonly edge: 'start' | 'end';
      readonly delayUs: number;
    }
  /**
   * Again and again; the next wait begins when the fault has ended (at once when it has no end). With `each` in the
   * FaultSpec: by itself for each entity.
   */
  | { readonly kind: 'every'; readonly interval: Distribution };

/** How a latency fault grows and fades between its start and its end. */
export const SPIKE_SHAPES = ['square', 'ramp', 'triangle', 'decay'] as const;
export type SpikeShape = (typeof SPIKE_SHAPES)[number];

/** The two sides of a link fault. Direction `both`, or only messages from `from` to `to`. */
export interface LinkTarget {
  readonly from: NodeSelector;
  readonly to: NodeSelector;
  readonly direction: 'both' | 'one-way';
}

export type FaultEffect =
  /** SIGKILL of the processes; the machine lives, so TCP peers see the connections close. */
  | { readonly kind: 'kill'; readonly target: NodeSelector }
  /** Orderly shutdown: a leader hands over first where the product does so. */
  | { readonly kind: 'stop'; readonly target: NodeSelector }
  /** Orderly shutdown, and start again when the fault ends. */
  | { readonly kind: 'restart'; readonly target: NodeSelector }
  /** The process is frozen (SIGSTOP): TCP peers stay connected. */
  | { readonly kind: 'pause'; readonly target: NodeSelector }
  /** The machine goes dark: no connection closes, packets vanish. */
  | { readonly kind: 'power-loss'; readonly target: NodeSelector }
  | {
      readonly kind: 'rack-outage' | 'zone-outage' | 'datacenter-outage' | 'region-outage';
      readonly place: string;
    }
  /** Packets vanish silently. */
  | ({ readonly kind: 'cut' } & LinkTarget)
  /** The target and everything else cannot talk. */
  | { readonly kind: 'isolate'; readonly target: NodeSelector }
  /** Nodes of different groups cannot talk; a node in none of them belongs to an unnamed group of the rest. */
  | { readonly kind: 'partition'; readonly groups: readonly NodeSelector[] }
  | ({
      readonly kind: 'delay';
      /** Added to each message, one way. */
      readonly addUs: number;
      readonly jitterUs: number;
      /** Multiplies the latency of each message. */
      readonly multiply: number;
      readonly shape: SpikeShape;
    } & LinkTarget)
  | ({ readonly kind: 'loss'; readonly share: number } & LinkTarget)
  | ({ readonly kind: 'bandwidth'; readonly bitsPerSecond: number } & LinkTarget)
  /** Each fsync takes so long; null = the disk is stuck until the fault ends. */
  | { readonly kind: 'slow-disk'; readonly target: NodeSelector; readonly fsyncUs: Distribution | null }
  | {
      readonly kind: 'clock-skew';
      readonly target: NodeSelector;
      /** Added to the clock's drift. */
      readonly driftPpm: number;
      /** A step of the wall clock (monotonic timers do not feel it). */
      readonly offsetUs: number;
    };

export type FaultKind = FaultEffect['kind'];

/** Their words say which links; the nodes at the ends are not hit themselves. */
export const LINK_FAULTS: ReadonlySet<string> = new Set([
  'cut',
  'isolate',
  'partition',
  'delay',
  'loss',
  'bandwidth',
]);

/** One thing that fails and is repaired by itself, with luck of its own: a node, a place, a link. */
export interface FaultEntity {
  /** A node or place by its name, a link by its ends: `us-west/a - us-west/b`. */
  readonly name: string;
  readonly effect: FaultEffect;
}

/**
 * Entities that also fail together (the beta-factor model): a share of the failures of each of them takes the whole group,
 * so that each member by itself fails at (1 - share) of its rate, and the group at share times the rate of one member.
 */
export interface CommonCause {
  /** '' when the scenario gives none. */
  readonly name: string;
  /** Beta, above 0 and at most 1. */
  readonly share: number;
  /** Names of entities of the same fault. */
  readonly members: readonly string[];
}

export interface FaultSpec {
  /** For `after`, and in reports; '' when the scenario gives none. */
  readonly name: string;
  readonly start: FaultStart;
  /** Of `at` and `after`: begins again each period, so many times in all. */
  readonly repeat: { readonly periodUs: number; readonly times: number } | null;
  /** How long it lasts; null = to the end of the run. */
  readonly duration: Distribution | null;
  readonly effect: FaultEffect;
  /** Of `every`: one process for each of these instead of one for all; `effect` then stands for any one of them. */
  readonly each?: readonly FaultEntity[];
  /** Of `each`: who fails together. */
  readonly commonCauses?: readonly CommonCause[];
  /** Before the repair begins: how long people take to react. Absent: no time. */
  readonly reaction?: Distribution;
  /** The crew (OperatorsSpec) without which no repair begins; `duration` counts from its start. Absent: nobody waits. */
  readonly crew?: string;
  /** Where the scenario states it, for messages: `timeline[2]`. */
  readonly origin: string;
}
