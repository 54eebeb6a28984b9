/** `plan` -> what may be changed, with everything it leaves out filled in from the scenario itself. */
import { placementsAtMost } from '../../sim/experiments/plan/placements.ts';
import { OPTIONS_MAX } from '../../sim/experiments/plan/search.ts';
import {
  COUNTS_DEFAULT,
  groupsThatVote,
  type PlannedGroup,
  type PlanSpec,
  votes,
} from '../../sim/experiments/plan/spec.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { listOf, nearest } from '../nearest.ts';
import type { ScenarioFile } from '../schema/file.ts';
import type { PlanSection } from '../schema/plan.ts';
import { parsePath } from '../yaml/set.ts';
import type { Context } from './context.ts';

/** The part of a placement search that a group with so many sites may take: two groups that vote together multiply. */
const PLACEMENTS_MANY = Math.sqrt(OPTIONS_MAX);

type World = Pick<Scenario, 'world' | 'systems'>;

export function resolvePlan(
  section: PlanSection,
  groups: ScenarioFile['nodes'],
  scenario: World,
  context: Context,
): PlanSpec {
  const voting = scenario.systems.filter(votes).map(({ name }) => name);
  const systems = section.systems?.filter((name, i) => {
    if (voting.includes(name)) return true;
    const other = scenario.systems.some((system) => system.name === name);
    const message = other ? `nobody votes in ${name}` : `unknown system "${name}"`;
    context.error(
      ['plan', 'systems', i],
      `${message}: systems that vote are ${listOf(voting)}`,
      nearest(name, voting),
    );
    return false;
  });
  checkPlaces(Object.keys(section.cost.extra), ['plan', 'cost', 'extra'], scenario, context);
  for (const group of Object.keys(section.cost.groups))
    checkGroup(group, ['plan', 'cost', 'groups', group], groups, context);
  for (const path of Object.keys(section.vary)) {
    if (parsePath(path) === undefined)
      context.keyError(
        ['plan', 'vary', path],
        `"${path}" is not a path: write it like systems.etcd.election`,
      );
  }
  const { node, groups: groupCosts, extra, site, most } = section.cost;
  return {
    groups: plannedGroups(section, groups, scenario, context),
    settings: Object.entries(section.vary).map(([path, values]) => ({ path, values: values.map(String) })),
    costs: { node, groups: groupCosts, extra, site },
    costMax: most ?? null,
    systems: systems ?? voting,
    simulate: section.simulate,
  };
}

function plannedGroups(
  section: PlanSection,
  groups: ScenarioFile['nodes'],
  scenario: World,
  context: Context,
): PlannedGroup[] {
  const place =
    section.place ??
    Object.fromEntries(
      groupsThatVote(scenario, Object.keys(groups)).map((group) => [
        group,
        {} as NonNullable<PlanSection['place']>[string],
      ]),
    );
  return Object.entries(place).flatMap(([group, entry]): PlannedGroup[] => {
    const path = ['plan', 'place', group];
    if (!checkGroup(group, path, groups, context)) return [];
    const members = new Set(scenario.systems.filter(votes).flatMap((system) => system.members));
    const own = scenario.world.nodes.filter(({ roles }) => roles.includes(group));
    if (!own.every(({ name }) => members.has(name)))
      context.keyError(path, `not every node of ${group} votes in a system: only those that vote are placed`);
    const named = groups[group]?.names?.length;
    const stated = typeof entry.count === 'number' ? [entry.count] : entry.count;
    const counts = stated ?? (named === undefined ? [...COUNTS_DEFAULT] : [named]);
    if (named !== undefined && counts.some((count) => count !== named))
      context.error([...path, 'count'], `${group} has ${named} names: it can only have ${named} nodes`);
    if (entry.sites !== undefined)
      checkPlaces(entry.sites, [...path, 'sites'], scenario, context, (i) => [...path, 'sites', i]);
    const sites = entry.sites ?? sitesFor(Math.max(...counts), scenario);
    const mostPerSite = entry['per-site'] ?? null;
    const room = mostPerSite === null ? Number.POSITIVE_INFINITY : mostPerSite * sites.length;
    const fitting = counts.filter((count) => count <= room);
    if (fitting.length === 0)
      context.error(
        [...path, 'per-site'],
        `${sites.length} sites of ${mostPerSite} take ${room} nodes: none of the counts fits`,
      );
    return [{ group, counts: [...new Set(fitting)].sort((a, b) => a - b), sites, mostPerSite }];
  });
}

/** Zones, or the smallest larger places that leave few enough placements. */
function sitesFor(count: number, { world }: World): string[] {
  const levels = ['zone', 'datacenter', 'region'] as const;
  const all = levels.map((level) =>
    world.places.filter((place) => place.level === level).map(({ name }) => name),
  );
  return all.find((sites) => placementsAtMost(count, sites.length) <= PLACEMENTS_MANY) ?? all.at(-1)!;
}

function checkGroup(
  group: string,
  path: readonly (string | number)[],
  groups: ScenarioFile['nodes'],
  context: Context,
): boolean {
  const known = Object.keys(groups);
  if (known.includes(group)) return true;
  context.keyError(
    [...path],
    `unknown group of nodes "${group}": known are ${listOf(known)}`,
    nearest(group, known),
  );
  return false;
}

function checkPlaces(
  names: readonly string[],
  path: readonly (string | number)[],
  { world }: World,
  context: Context,
  at?: (index: number) => readonly (string | number)[],
): void {
  const known = world.places.map(({ name }) => name);
  names.forEach((name, i) => {
    if (known.includes(name)) return;
    const message = `unknown place "${name}": known are ${listOf(known)}`;
    if (at === undefined) context.keyError([...path, name], message, nearest(name, known));
    else context.error([...at(i)], message, nearest(name, known));
  });
}
