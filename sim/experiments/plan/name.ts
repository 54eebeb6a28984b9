/** What an option is called: short, unique within a plan, and told by where its nodes stand. */
import type { Candidate } from './search.ts';
import type { PlanSpec } from './spec.ts';

/** Up to so many sites, a placement is a sum in their order; beyond, those that hold nodes are named. */
const SUMMANDS_MAX = 4;

/** `manager 2+2+1, dtr 1+1+1`, `manager 3 in dallas and 2 in london; etcd election=1s`. */
export function optionName(candidate: Candidate, spec: PlanSpec): string {
  const placed = candidate.placements.map(({ group, bySite }) => {
    const { sites } = spec.groups.find((one) => one.group === group)!;
    if (sites.length <= SUMMANDS_MAX) return `${group} ${bySite.join('+')}`;
    const standing = bySite.flatMap((count, i) => (count > 0 ? [`${count} in ${sites[i]}`] : []));
    return `${group} ${standing.join(' and ')}`;
  });
  const set = candidate.settings.map(({ path, value }) => `${path.replace(/^systems\./, '')}=${value}`);
  return [placed.join(', '), set.join(', ')].filter((part) => part !== '').join('; ');
}
