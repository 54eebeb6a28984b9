/** What each member and each group was, for how long: the lanes of the pictures. */
import type { Kernel } from '../kernel/kernel.ts';
import type { GroupInterval, MemberInterval } from '../run.ts';
import type { Group, GroupStatus, MemberStatus, System } from '../systems/system.ts';

interface MemberLane {
  readonly system: System;
  readonly group: Group;
  readonly node: string;
  fromUs: number;
  status: MemberStatus;
}

interface GroupLane {
  readonly system: System;
  readonly group: Group;
  fromUs: number;
  status: GroupStatus;
}

export class LaneMeter {
  readonly #kernel: Kernel;
  readonly #members: MemberInterval[] = [];
  readonly #groups: GroupInterval[] = [];
  /** By system. */
  readonly #memberLanes: readonly (readonly MemberLane[])[];
  readonly #groupLanes: GroupLane[];

  constructor(kernel: Kernel, systems: readonly System[]) {
    this.#kernel = kernel;
    const pairs = systems.flatMap((system) => system.groups.map((group) => ({ system, group })));
    const lanesOf = (system: System) =>
      system.groups.flatMap((group) =>
        group.members.map((node) => ({
          system,
          group,
          node,
          fromUs: kernel.nowUs,
          status: group.memberStatus(node),
        })),
      );
    this.#memberLanes = systems.map(lanesOf);
    this.#groupLanes = pairs.map(({ system, group }) => ({
      system,
      group,
      fromUs: kernel.nowUs,
      status: group.status,
    }));
  }

  /** Systems by their index. */
  settleMembers(isConcerned: (system: number) => boolean): void {
    const nowUs = this.#kernel.nowUs;
    for (let system = 0; system < this.#memberLanes.length; system++) {
      if (!isConcerned(system)) continue;
      const lanes = this.#memberLanes[system]!;
      for (let i = 0; i < lanes.length; i++) {
        const lane = lanes[i]!;
        const status = lane.group.memberStatus(lane.node);
        const { state, term, cutOff } = lane.status;
        if (status.state === state && status.term === term && status.cutOff === cutOff) continue;
        this.#closeMember(lane, nowUs);
        lane.fromUs = nowUs;
        lane.status = status;
      }
    }
  }

  settleGroups(): void {
    const nowUs = this.#kernel.nowUs;
    for (const lane of this.#groupLanes) {
      if (lane.group.status === lane.status) continue;
      this.#closeGroup(lane, nowUs);
      lane.fromUs = nowUs;
      lane.status = lane.group.status;
    }
  }

  finish(): { members: MemberInterval[]; groups: GroupInterval[] } {
    const nowUs = this.#kernel.nowUs;
    for (const lanes of this.#memberLanes) for (const lane of lanes) this.#closeMember(lane, nowUs);
    for (const lane of this.#groupLanes) this.#closeGroup(lane, nowUs);
    return { members: this.#members, groups: this.#groups };
  }

  #closeMember(lane: MemberLane, toUs: number): void {
    if (toUs <= lane.fromUs) return;
    const { state, term, cutOff } = lane.status;
    this.#members.push({
      system: lane.system.spec.name,
      group: lane.group.name,
      node: lane.node,
      fromUs: lane.fromUs,
      toUs,
      state,
      term,
      cutOff,
    });
  }

  #closeGroup(lane: GroupLane, toUs: number): void {
    if (toUs <= lane.fromUs) return;
    const { state, leader, term, reachable, voters, quorum, cause } = lane.status;
    this.#groups.push({
      system: lane.system.spec.name,
      group: lane.group.name,
      fromUs: lane.fromUs,
      toUs,
      state,
      leader,
      term,
      reachable,
      voters,
      quorum,
      cause,
    });
  }
}
