/** An option of a plan as changes of the file: arguments of --set. */
import type { Candidate } from '../sim/experiments/plan/search.ts';
import type { PlanSpec } from '../sim/experiments/plan/spec.ts';

type Map = Readonly<Record<string, unknown>>;

/**
 * `stated`: the file as written, without defaults. A group that says `spread` or `in` is written anew as a whole: a
 * placement excludes both.
 */
export function settingsOf(candidate: Candidate, spec: PlanSpec, stated: unknown): string[] {
  const nodes = ((stated as Map).nodes ?? {}) as Record<string, Map | null>;
  const placed = candidate.placements.flatMap(({ group, bySite }) => {
    const { sites } = spec.groups.find((one) => one.group === group)!;
    const placement = Object.fromEntries(
      bySite.flatMap((count, site) => (count > 0 ? [[sites[site]!, count] as const] : [])),
    );
    const entry = nodes[group] ?? {};
    if ('spread' in entry || 'in' in entry) {
      const { spread: _spread, in: _in, count: _count, ...rest } = entry;
      return [`nodes.${quoted(group)}=${flow({ ...rest, placement })}`];
    }
    const count = bySite.reduce((sum, one) => sum + one, 0);
    const counted = 'count' in entry ? [`nodes.${quoted(group)}.count=${count}`] : [];
    return [...counted, `nodes.${quoted(group)}.placement=${flow(placement)}`];
  });
  return [...placed, ...candidate.settings.map(({ path, value }) => `${path}=${value}`)];
}

/** A name with a dot in it is one step of a path. */
function quoted(name: string): string {
  return name.includes('.') ? `"${name}"` : name;
}

/** YAML on one line, as people write it. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, one]) => `${plain(key)}: ${flow(one)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return typeof value === 'string' ? plain(value) : JSON.stringify(value);
}

function plain(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
