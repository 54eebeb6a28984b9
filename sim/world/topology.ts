/**
 * Places and nodes as data. Places nest: region > datacenter > zone > rack; each shares a fate. Who votes with whom is a
 * different axis and lives in sim/systems.
 */
import type { Distribution } from '../kernel/distribution.ts';

export const PLACE_LEVELS = ['region', 'datacenter', 'zone', 'rack'] as const;
export type PlaceLevel = (typeof PLACE_LEVELS)[number];

export interface PlaceSpec {
  /** Unique: `us`, `us-west`, `us-west/a`, `us-west/a/r1`. */
  readonly name: string;
  readonly level: PlaceLevel;
  /** The name of the place one level up; null for a region. */
  readonly parent: string | null;
}

export interface ClockSpec {
  /** How fast it runs: +100 gains 100 us in each second. */
  readonly driftPpm: number;
  readonly offsetUs: number;
}

export interface NodeSpec {
  readonly name: string;
  /** The zone or rack it stands in. */
  readonly place: string;
  readonly roles: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** How long one fsync takes, in microseconds. */
  readonly fsync: Distribution;
  readonly clock: ClockSpec;
  /** Cores and bytes; null when the scenario does not say. */
  readonly cpu: number | null;
  readonly memoryBytes: number | null;
  /** Not a machine of the scenario: it stands for the users in a place, from where operations are tried. */
  readonly hidden?: boolean;
}

/** How far apart two nodes are, by the smallest place that holds both. */
export const LINK_CLASSES = [
  'within-node',
  'within-rack',
  'within-zone',
  'between-zones',
  'between-datacenters',
  'between-regions',
] as const;
export type LinkClass = (typeof LINK_CLASSES)[number];

/** What a rule says of the links it matches; what it leaves out is left to a less specific rule. */
export interface LinkQuality {
  /** One way, microseconds. */
  readonly latencyUs?: Distribution;
  /** Added to each message, uniform in [-jitter, +jitter], never below zero in sum. */
  readonly jitterUs?: number;
  /** Share of packets lost, 0..1. */
  readonly loss?: number;
  readonly bandwidthBitsPerSecond?: number;
}

/** A directed rule between two named places or nodes. The most specific rule wins, field by field; of equals, the later. */
export interface LinkRule extends LinkQuality {
  readonly from: string;
  readonly to: string;
}

export interface WorldSpec {
  readonly places: readonly PlaceSpec[];
  readonly nodes: readonly NodeSpec[];
  readonly linkClasses: Readonly<Record<LinkClass, LinkQuality>>;
  readonly linkRules: readonly LinkRule[];
}
