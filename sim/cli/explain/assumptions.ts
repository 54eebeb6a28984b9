/** Every field that the scenario leaves out, what is assumed instead, and where that comes from. */

import type { LoadedScenario } from '../../../scenarios/index.ts';
import { LINK_DEFAULTS } from '../../../scenarios/schema/link-defaults.ts';
import { DEFAULT_FSYNC } from '../../../scenarios/schema/nodes.ts';
import { sourceOf } from '../../exact/timers.ts';
import { DEFAULT_SEED } from '../../kernel/streams.ts';
import { DEFAULT_PROFILE } from '../../systems/profiles.ts';
import { LINK_CLASSES, type LinkClass } from '../../world/topology.ts';

export interface Assumption {
  /** As --set takes it. */
  readonly path: string;
  readonly value: string;
  readonly source: string;
}

/** Of the link classes only those that some pair of nodes has. */
export function assumptionsOf(loaded: LoadedScenario): Assumption[] {
  const { file, stated, scenario } = loaded;
  const at = (...path: string[]): unknown =>
    path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
      stated,
    );
  const found: Assumption[] = [];
  const assume = (path: readonly string[], value: string, source: string) => {
    if (at(...path) === undefined) found.push({ path: path.join('.'), value, source });
  };
  for (const [name, datacenter] of Object.entries(file.topology)) {
    assume(['topology', name, 'region'], datacenter.region, 'one region where none is stated');
    assume(['topology', name, 'zones'], '[a]', 'one zone where none is stated');
  }
  for (const linkClass of classesInUse(loaded)) {
    const defaults = LINK_DEFAULTS[linkClass];
    const stands = (field: string) => at('network', linkClass, field) !== undefined;
    if (!stands('rtt') && !stands('one-way'))
      assume(['network', linkClass, 'rtt'], defaults.rtt, defaults.source);
    assume(['network', linkClass, 'jitter'], defaults.jitter, 'a quiet network');
    assume(['network', linkClass, 'loss'], defaults.loss, 'a quiet network');
    assume(
      ['network', linkClass, 'bandwidth'],
      defaults.bandwidth,
      'a plain Ethernet, or a leased line between sites',
    );
  }
  for (const name of Object.keys(file.nodes)) {
    if (at('nodes', name, 'placement') === undefined)
      assume(['nodes', name, 'spread'], 'zone', "dealt out over zones, as the deck's placements are");
    assume(
      ['nodes', name, 'fsync'],
      DEFAULT_FSYNC,
      'etcd asks for a p99 below 10 ms (facts/consensus.md 2.14)',
    );
    assume(['nodes', name, 'clock'], 'exact', 'a clock that neither drifts nor is off');
  }
  for (const [key, entry] of Object.entries(file.systems)) {
    const spec = scenario.systems.find((system) => system.family === key)!;
    if (entry.profile === undefined)
      assume(['systems', key, 'profile'], DEFAULT_PROFILE, sourceOf(spec).source);
  }
  assume(['vantages'], `[${file.vantages.join(', ')}]`, 'users in every place that holds a node');
  assume(['run', 'duration'], file.run.duration, "ten minutes: the deck's outages fit");
  assume(['run', 'warm-up'], file.run['warm-up'], 'enough for the first election of every profile');
  assume(['run', 'seed'], String(DEFAULT_SEED), 'a fixed seed: the same run each time');
  return found;
}

function classesInUse({ scenario }: LoadedScenario): LinkClass[] {
  const parents = new Map(scenario.world.places.map((place) => [place.name, place]));
  const chains = new Map<string, string[]>();
  for (const { place } of scenario.world.nodes) {
    const chain: string[] = [];
    for (let at: string | null | undefined = place; at != null; at = parents.get(at)?.parent) chain.push(at);
    chains.set(place, chain);
  }
  const used = new Set<LinkClass>(['within-zone']);
  const places = [...chains.keys()];
  for (const a of places) {
    for (const b of places) {
      const shared = chains.get(a)!.find((name) => chains.get(b)!.includes(name));
      const level = shared === undefined ? undefined : parents.get(shared)!.level;
      used.add(
        level === undefined
          ? 'between-regions'
          : level === 'region'
            ? 'between-datacenters'
            : level === 'datacenter'
              ? 'between-zones'
              : level === 'rack'
                ? 'within-rack'
                : 'within-zone',
      );
    }
  }
  return LINK_CLASSES.filter((linkClass) => used.has(linkClass));
}
