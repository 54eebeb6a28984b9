/** What `plan` may change, what it costs, and which systems it is for. */
import type { Scenario } from '../../scenario.ts';

/** A group of nodes that is placed anew. */
export interface PlannedGroup {
  /** The scenario's key under `nodes`, which is a role of each of its nodes. */
  readonly group: string;
  /** How many nodes it may have. */
  readonly counts: readonly number[];
  /** Places where they may stand: zones, or larger places over whose zones they are dealt out. */
  readonly sites: readonly string[];
  /** In any one site; null: no limit. */
  readonly mostPerSite: number | null;
}

/** Another field of the file, as for --set, with the values it may have. */
export interface PlannedSetting {
  readonly path: string;
  readonly values: readonly string[];
}

/** A year's cost, in whatever unit. Only nodes of planned groups count. */
export interface PlanCosts {
  /** Of a node. */
  readonly node: number;
  /** Of a node of this group instead. */
  readonly groups: Readonly<Record<string, number>>;
  /** Added for each node in this place, at whatever depth. */
  readonly extra: Readonly<Record<string, number>>;
  /** Of each site in which a planned node stands. */
  readonly site: number;
}

export interface PlanSpec {
  readonly groups: readonly PlannedGroup[];
  readonly settings: readonly PlannedSetting[];
  readonly costs: PlanCosts;
  /** Options that cost more are left out; null: no limit. */
  readonly costMax: number | null;
  /** Names of the voting systems that decide. */
  readonly systems: readonly string[];
  /** Simulates no more options than this. */
  readonly simulate: number;
}

export const COUNTS_DEFAULT = [1, 3, 5, 7] as const;
export const SIMULATE_DEFAULT = 12;
export const COST_DEFAULT = 1;

/** What may be planned where the file does not say: the groups that vote, over all zones, each node at a cost of 1. */
export function groupsThatVote(
  scenario: Pick<Scenario, 'world' | 'systems'>,
  groups: readonly string[],
): string[] {
  const voters = new Set(scenario.systems.flatMap((system) => (votes(system) ? system.members : [])));
  return groups.filter((group) => {
    const nodes = scenario.world.nodes.filter(({ roles }) => roles.includes(group));
    return nodes.length > 0 && nodes.every(({ name }) => voters.has(name));
  });
}

export function votes({ kind }: Scenario['systems'][number]): boolean {
  return kind !== 'gossip';
}
