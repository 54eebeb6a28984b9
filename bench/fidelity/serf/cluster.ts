/**
 * The set-up of ground-truth/serf in the model: N agents on loopback, defaults of serf 0.9.4. One-way times there are far
 * below a millisecond: 50 to 200 us are assumed, which no figure depends on by more than that.
 */
import { Kernel } from '../../../sim/kernel/kernel.ts';
import { SECOND } from '../../../sim/kernel/time.ts';
import { GossipGroup } from '../../../sim/systems/gossip/group.ts';
import type { GossipMember } from '../../../sim/systems/gossip/member.ts';
import { GOSSIP_PROFILES } from '../../../sim/systems/gossip/parameters.ts';
import type { Hold } from '../../../sim/world/node.ts';
import type { LinkClass, LinkQuality } from '../../../sim/world/topology.ts';
import { World } from '../../../sim/world/world.ts';

const LOOPBACK: LinkQuality = { latencyUs: { kind: 'uniform', low: 50, high: 200 } };
const PLACE = 'host/host/host';
/** The agents run for a while before anything happens; the fault's instant is random against their tickers anyway. */
const WARM_UP_US = 2 * SECOND;
const STEP_US = SECOND / 4;

export type Variant = 'kill' | 'stop' | 'cut';

export class SerfCluster {
  readonly kernel: Kernel;
  readonly group: GossipGroup;
  readonly members: readonly GossipMember[];
  /** The fault's instant. */
  readonly beganUs = WARM_UP_US;
  readonly #world: World;

  constructor(n: number, seed: string) {
    this.kernel = new Kernel(`serf/${n}/${seed}`, 0);
    const nodes = Array.from({ length: n }, (_, i) => `n${String(i).padStart(3, '0')}`);
    const classes: readonly LinkClass[] = [
      'within-node',
      'within-rack',
      'within-zone',
      'between-zones',
      'between-datacenters',
      'between-regions',
    ];
    this.#world = new World(this.kernel, {
      places: [
        { name: 'host', level: 'region', parent: null },
        { name: 'host/host', level: 'datacenter', parent: 'host' },
        { name: PLACE, level: 'zone', parent: 'host/host' },
      ],
      nodes: nodes.map((name) => ({
        name,
        place: PLACE,
        roles: [],
        labels: {},
        fsync: { kind: 'constant', value: 0 },
        clock: { driftPpm: 0, offsetUs: 0 },
        cpu: null,
        memoryBytes: null,
      })),
      linkClasses: Object.fromEntries(classes.map((name) => [name, LOOPBACK])) as Record<
        LinkClass,
        LinkQuality
      >,
      linkRules: [],
    });
    this.group = new GossipGroup(
      this.kernel,
      this.#world,
      { name: 'serf', members: nodes },
      GOSSIP_PROFILES['serf-0.9']!.parameters,
    );
    this.members = this.group.members;
    this.group.start();
    this.kernel.runUntil(this.beganUs);
  }

  /** Seconds since the fault. */
  get seconds(): number {
    return (this.kernel.nowUs - this.beganUs) / SECOND;
  }

  /** SIGKILL, SIGSTOP, or silent loss both ways; `resume` ends a stop. */
  fail(victim: number, variant: Variant): void {
    const { node } = this.members[victim]!;
    if (variant === 'cut') {
      const all = new Set(this.#world.nodes.map(({ index }) => index));
      const own = new Set([node.index]);
      for (const [from, to] of [
        [own, all],
        [all, own],
      ] as const) {
        this.#world.addEffect({
          cause: 0,
          from,
          to,
          cut: true,
          loss: 0,
          multiply: 1,
          addUs: 0,
          jitterUs: 0,
          bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
          felt: 0,
        });
      }
      return;
    }
    this.#world.addHold(node, variant === 'kill' ? KILLED : STOPPED);
  }

  resume(victim: number): void {
    this.#world.removeHold(this.members[victim]!.node, STOPPED, 0);
  }

  runUntil(seconds: number): void {
    this.kernel.runUntil(this.beganUs + Math.round(seconds * SECOND));
  }

  /** Until something is so, looking now and then; false when it was not by `seconds`. */
  runWhile(unfinished: () => boolean, seconds: number): boolean {
    const endUs = this.beganUs + seconds * SECOND;
    while (unfinished() && this.kernel.nowUs < endUs) this.kernel.runUntil(this.kernel.nowUs + STEP_US);
    return !unfinished();
  }
}

const KILLED: Hold = { kind: 'process', cause: 0, fsyncUs: null, driftPpm: 0 };
const STOPPED: Hold = { kind: 'pause', cause: 0, fsyncUs: null, driftPpm: 0 };

/** The value at a share of the ascending values, by nearest rank; undefined of none. */
export function rank(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}
