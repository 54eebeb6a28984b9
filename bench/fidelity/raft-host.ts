/**
 * A bare Raft group of the model in a world of its own, for comparisons that look inside it: who was elected when, what
 * a proposal met. Everything runs on the ordinary kernel, world, wire and member of sim/; nothing here decides anything.
 */
import { constant, type Distribution } from '../../sim/kernel/distribution.ts';
import { Kernel, type Stream } from '../../sim/kernel/kernel.ts';
import type { Seed } from '../../sim/kernel/streams.ts';
import { NO_CAUSE } from '../../sim/kernel/trace.ts';
import { createSystem } from '../../sim/systems/create.ts';
import { resolveSystem } from '../../sim/systems/profiles.ts';
import type { RaftGroup } from '../../sim/systems/raft/group.ts';
import type { Member } from '../../sim/systems/raft/member.ts';
import type { RaftParameters } from '../../sim/systems/raft/parameters.ts';
import type { SystemSpec } from '../../sim/systems/system-spec.ts';
import type { LinkEffect } from '../../sim/world/network.ts';
import type { Hold } from '../../sim/world/node.ts';
import type { LinkQuality, WorldSpec } from '../../sim/world/topology.ts';
import { World } from '../../sim/world/world.ts';

export interface RaftHostOptions {
  readonly seed: Seed;
  readonly members: number;
  readonly latencyUs: Distribution;
  readonly fsyncUs: Distribution;
  /** Changes to the profile `etcd-raft`: 10 ticks of 100 ms, CheckQuorum, datagrams. */
  readonly parameters?: Partial<RaftParameters>;
  readonly profile?: string;
}

export interface Election {
  readonly timeUs: number;
  /** 1, 2, ... */
  readonly member: number;
  readonly term: number;
}

export class RaftHost {
  readonly kernel: Kernel;
  readonly world: World;
  readonly group: RaftGroup;
  readonly members: readonly Member[];
  /** Every election since the start, oldest first. */
  readonly elections: Election[] = [];
  readonly #system;
  #acts: Stream | null = null;
  #actCount = 0;

  constructor(options: RaftHostOptions) {
    this.kernel = new Kernel(options.seed);
    this.world = new World(this.kernel, worldOf(options));
    const names = this.world.nodes.map((node) => node.name);
    const resolved = resolveSystem('raft', options.profile ?? 'etcd-raft', options.parameters ?? {});
    const spec: SystemSpec = {
      name: 'raft',
      family: 'raft',
      kind: 'raft',
      profile: resolved.profile,
      parameters: resolved.parameters,
      members: names,
      learners: [],
    };
    this.#system = createSystem(this.kernel, this.world, spec);
    this.group = this.#system.groups[0] as RaftGroup;
    this.members = this.group.hosts;
    this.#system.observe({
      campaign: () => {},
      elected: (_group, node, term) =>
        this.elections.push({ timeUs: this.kernel.nowUs, member: names.indexOf(node) + 1, term }),
      statusChanged: () => {},
    });
  }

  start(): void {
    this.#system.start();
  }

  /** Runs on for so long. */
  advance(us: number): void {
    this.kernel.runUntil(this.kernel.nowUs + us);
  }

  /** Runs on in small steps until it is so; false when that took longer than `limitUs`. */
  advanceUntil(isSo: () => boolean, limitUs: number, stepUs: number): boolean {
    const endUs = this.kernel.nowUs + limitUs;
    while (!isSo()) {
      if (this.kernel.nowUs >= endUs) return false;
      this.advance(stepUs);
    }
    return true;
  }

  /** Does something at a later moment of the model, as an event of its own. */
  at(timeUs: number, act: () => void): void {
    this.#acts ??= this.kernel.stream('fidelity/acts', (_number: number, what: () => void) => what());
    this.kernel.schedule(timeUs, this.#acts, this.#actCount++, act);
  }

  /** The leader of the highest term. */
  get leader(): Member | null {
    let best: Member | null = null;
    for (const member of this.members) {
      if (!member.running || member.raft.state !== 'Leader') continue;
      if (best === null || member.raft.term > best.raft.term) best = member;
    }
    return best;
  }

  /** Gives a member that has not started a log of so many entries, all of term 1, and that term. */
  giveLog(member: Member, length: number): void {
    const { raft } = member;
    raft.term = 1;
    const entries = Array.from({ length }, (_, i) => ({ index: i + 1, term: 1, data: null, change: null }));
    if (length > 0) raft.log.truncateAndAppend(entries, 0);
    raft.persisted();
  }

  kill(member: Member): void {
    this.world.addHold(member.node, PROCESS_GONE);
  }

  /** Drops what members `from` send to members `to`; returns the way back. */
  cut(from: readonly Member[], to: readonly Member[]): () => void {
    const effect: LinkEffect = {
      cause: NO_CAUSE,
      from: new Set(from.map((member) => member.node.index)),
      to: new Set(to.map((member) => member.node.index)),
      cut: true,
      loss: 0,
      multiply: 1,
      addUs: 0,
      jitterUs: 0,
      bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
      felt: 0,
    };
    this.world.addEffect(effect);
    return () => this.world.removeEffect(effect, NO_CAUSE);
  }

  /** Cuts both ways. */
  isolate(member: Member): () => void {
    const others = this.members.filter((other) => other !== member);
    const heals = [this.cut([member], others), this.cut(others, [member])];
    return () => {
      for (const heal of heals) heal();
    };
  }

  cutBetween(a: Member, b: Member): () => void {
    const heals = [this.cut([a], [b]), this.cut([b], [a])];
    return () => {
      for (const heal of heals) heal();
    };
  }
}

const PROCESS_GONE: Hold = { kind: 'process', cause: NO_CAUSE, fsyncUs: null, driftPpm: 0 };

function worldOf({ members, latencyUs, fsyncUs }: RaftHostOptions): WorldSpec {
  const quality: LinkQuality = { latencyUs };
  return {
    places: [
      { name: 'r', level: 'region', parent: null },
      { name: 'd', level: 'datacenter', parent: 'r' },
      { name: 'd/a', level: 'zone', parent: 'd' },
    ],
    nodes: Array.from({ length: members }, (_, i) => ({
      name: `m${i + 1}`,
      place: 'd/a',
      roles: [],
      labels: {},
      fsync: fsyncUs,
      clock: { driftPpm: 0, offsetUs: 0 },
      cpu: null,
      memoryBytes: null,
    })),
    linkClasses: {
      'within-node': { latencyUs: constant(0) },
      'within-rack': quality,
      'within-zone': quality,
      'between-zones': quality,
      'between-datacenters': quality,
      'between-regions': quality,
    },
    linkRules: [],
  };
}
