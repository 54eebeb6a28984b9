/** Judges a placement without a run: how long its systems lack a quorum, and about how long a failover takes. */

import { quorumOf } from '../../exact/majority.ts';
import { Ground } from '../../exact/remains.ts';
import { timersOf } from '../../exact/timers.ts';
import { type FateTree, treeOdds } from '../../exact/zone-layout.ts';
import type { Scenario } from '../../scenario.ts';
import type { VotingSpec } from '../../systems/system-spec.ts';
import { Places } from '../../world/places.ts';
import type { NodeSpec } from '../../world/topology.ts';
import { type Fates, fatesOf } from './fates.ts';

/** A voter that stands, or would stand, somewhere. */
export interface Voter {
  readonly place: string;
  /** Share of time in which it is down by itself. */
  readonly pFail: number;
  /** Its name, where there is such a node in the file. */
  readonly name: string;
}

/** More common causes than this at once are not looked at, the rarest first: each doubles the work. */
const COMMON_MAX = 8;

export class Screen {
  readonly fates: Fates;
  readonly #scenario: Scenario;
  readonly #places: Places;
  readonly #ground: Ground;
  readonly #probe: ReadonlyMap<string, string>;
  readonly #rtt = new Map<string, number>();

  /** `sites`: smallest places where voters may come to stand, beside those where nodes stand already. */
  constructor(scenario: Scenario, sites: readonly string[]) {
    this.#scenario = scenario;
    this.fates = fatesOf(scenario);
    this.#places = new Places(scenario.world.places);
    const stand = new Set([...sites, ...scenario.world.nodes.map(({ place }) => place)]);
    const probes = [...stand].flatMap((site) =>
      // Two, so that there is a link within the site.
      ['1', '2'].map(
        (nth): NodeSpec => ({
          ...bareNode(scenario),
          name: `probe ${nth} at ${site}`,
          place: site,
        }),
      ),
    );
    this.#probe = new Map([...stand].map((site) => [site, `probe 1 at ${site}`]));
    this.#ground = new Ground({ ...scenario.world, nodes: probes });
  }

  /** Share of time in which fewer than a quorum of these voters work. */
  withoutQuorum(voters: readonly Voter[]): number {
    const standing = new Set(voters.flatMap(({ place, name }) => [name, ...this.#places.around(place)]));
    const common = this.fates.common
      .filter(({ members, pFail }) => pFail > 0 && members.some((member) => standing.has(member)))
      .sort((a, b) => b.pFail - a.pFail)
      .slice(0, COMMON_MAX);
    let down = 0;
    for (let mask = 0; mask < 1 << common.length; mask++) {
      let weight = 1;
      const lost = new Set<string>();
      common.forEach(({ members, pFail }, i) => {
        const happens = (mask >> i) & 1;
        weight *= happens ? pFail : 1 - pFail;
        if (happens) for (const member of members) lost.add(member);
      });
      if (weight > 0) down += weight * treeOdds(this.#tree(voters, lost)).down;
    }
    return down;
  }

  /** Places around the voters, each failing as a whole; `lost` have failed already. */
  #tree(voters: readonly Voter[], lost: ReadonlySet<string>): FateTree {
    interface Branch {
      pFail: number;
      members: { pFail: number }[];
      places: Branch[];
    }
    const branches = new Map<string, Branch>();
    const root: Branch = { pFail: 0, members: [], places: [] };
    const branchOf = (chain: readonly string[]): Branch => {
      const [name, ...outer] = chain;
      if (name === undefined) return root;
      const found = branches.get(name);
      if (found !== undefined) return found;
      const branch: Branch = {
        pFail: lost.has(name) ? 1 : (this.fates.place.get(name) ?? 0),
        members: [],
        places: [],
      };
      branches.set(name, branch);
      branchOf(outer).places.push(branch);
      return branch;
    };
    for (const { place, pFail, name } of voters)
      branchOf(this.#places.around(place)).members.push({ pFail: lost.has(name) ? 1 : pFail });
    return root;
  }

  /**
   * Microseconds, about: the mean time until the loss of a leader is noticed, and two round trips to the nearest quorum (the
   * votes and the first entry), over all members that may lead. Infinity for a single voter: nobody takes over.
   */
  failoverUs(spec: VotingSpec, voters: readonly Voter[]): number {
    if (voters.length < 2) return Number.POSITIVE_INFINITY;
    const timers = timersOf({ ...spec, members: voters.map((_, i) => String(i)) });
    const noticed =
      timers.kind === 'raft'
        ? timers.meanDetectionUs!
        : (timers.silenceUs.fromUs +
            timers.silenceUs.toUs +
            timers.electionUs.fromUs +
            timers.electionUs.toUs) /
          2;
    const others = quorumOf(voters.length) - 1;
    const trips = voters.map((leader, i) => {
      const away = voters
        .filter((_, j) => j !== i)
        .map(({ place }) => this.#roundTripUs(leader.place, place))
        .sort((a, b) => a - b);
      return away[Math.max(0, others - 1)]!;
    });
    return noticed + (2 * trips.reduce((sum, one) => sum + one, 0)) / trips.length;
  }

  #roundTripUs(a: string, b: string): number {
    const key = a < b ? `${a}\0${b}` : `${b}\0${a}`;
    const known = this.#rtt.get(key);
    if (known !== undefined) return known;
    const from = this.#ground.indexOf(this.#probe.get(a)!);
    const to = this.#ground.indexOf(a === b ? `probe 2 at ${b}` : this.#probe.get(b)!);
    const { network } = this.#ground;
    const rtt = network.path(from, to).latency.atShare(0.5) + network.path(to, from).latency.atShare(0.5);
    this.#rtt.set(key, rtt);
    return rtt;
  }

  /** Sites of one text are the same by another name: they fail alike and are as far from everything. */
  signature(site: string): string {
    const chain = this.#places.around(site);
    const { linkRules, places } = this.#scenario.world;
    const named = linkRules.some(({ from, to }) => chain.includes(from) || chain.includes(to));
    const shared = this.fates.common.some(({ members }) => chain.some((place) => members.includes(place)));
    const scripted = this.#scriptOf(site);
    // A site that a rule of the network, a common cause or a link fault names is like no other.
    if (named || shared || scripted === undefined) return site;
    return JSON.stringify([
      chain.slice(1),
      this.#places.levelOf(site),
      places.filter(({ parent }) => parent === site).length,
      this.fates.place.get(site) ?? 0,
      scripted,
    ]);
  }

  /** What the script does to a place as a whole; undefined where it does more than break it down. */
  #scriptOf(site: string): string[] | undefined {
    const script: string[] = [];
    for (const { each, effect, duration } of this.#scenario.faults) {
      if (each !== undefined || !JSON.stringify(effect).includes(JSON.stringify(site))) continue;
      if (!('place' in effect)) return undefined;
      script.push(JSON.stringify([effect.kind, duration]));
    }
    return script.sort();
  }

  /** Where nodes of a site come to stand: in its smallest places, in turn, as the loader deals them out. */
  spots(site: string, count: number): string[] {
    const turns = new Map<string, number>();
    const descend = (place: string): string => {
      const children = this.#scenario.world.places.filter(({ parent }) => parent === place);
      if (children.length === 0) return place;
      const turn = turns.get(place) ?? 0;
      turns.set(place, turn + 1);
      return descend(children[turn % children.length]!.name);
    };
    return Array.from({ length: count }, () => descend(site));
  }
}

function bareNode(scenario: Scenario): NodeSpec {
  return { ...scenario.world.nodes[0]!, roles: [], labels: {} };
}
