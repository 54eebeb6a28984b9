/** SwarmKit's managers: the control plane of the swarm (facts/platform.md 1). */
import type { Kernel } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import type { ConnectionPolicy } from '../../world/connection.ts';
import type { World } from '../../world/world.ts';
import type { Member } from '../raft/member.ts';
import { RaftSystem } from '../raft/system.ts';
import { type Access, type Operation, SERVED } from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import type { SwarmParameters } from './parameters.ts';

/** gRPC between managers: back-off up to 8 s (facts/platform.md 1.1); first wait and factor are gRPC's own defaults. */
const POLICY: ConnectionPolicy = {
  giveUpAtUs: (lastReadUs) => lastReadUs + 10 * SECOND,
  dial: { firstUs: 1 * SECOND, factor: 1.6, maxUs: 8 * SECOND, timeoutUs: 20 * SECOND },
};

export class SwarmSystem extends RaftSystem {
  override readonly impact = [
    'swarm operations: services cannot be created, updated, scaled or listed',
    'scheduling: nothing that fails is replaced; running containers go on',
  ];
  override readonly operations: readonly Operation[];
  readonly #parameters: SwarmParameters;
  readonly #kernel: Kernel;
  /** By member: since when it knows no leader. */
  readonly #leaderlessSinceUs: Map<Member, number>;

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'swarm' }>) {
    const { parameters } = spec;
    const leaderlessSinceUs = new Map<Member, number>();
    // Only to look again when calls begin to fail at once.
    const lostQuorum = kernel.stream(`${spec.name}/lost-quorum`, () => kernel.touch());
    let looks = 0;
    super(kernel, world, spec, parameters, {
      policy: parameters.transport === 'connection' ? POLICY : null,
      handoverUs: null,
      leaderChanged: (member) => {
        if (member.raft.lead !== 0) leaderlessSinceUs.delete(member);
        else if (!leaderlessSinceUs.has(member)) {
          leaderlessSinceUs.set(member, kernel.nowUs);
          if (parameters.lostQuorumTicks === null) return;
          kernel.schedule(
            kernel.nowUs + parameters.lostQuorumTicks * parameters.tickUs + 1,
            lostQuorum,
            looks++,
          );
        }
      },
    });
    this.#leaderlessSinceUs = leaderlessSinceUs;
    this.#kernel = kernel;
    this.#parameters = parameters;
    this.operations = [
      { name: 'write', deadlineUs: parameters.writeDeadlineUs },
      { name: 'read', deadlineUs: parameters.readDeadlineUs },
      // A task that cannot be placed is simply late: there is nobody who gives up.
      { name: 'schedule', deadlineUs: 0 },
    ];
  }

  override access(operation: string, vantage: number): Access {
    if (operation !== 'schedule') return super.access(operation, vantage);
    const leader = this.group.servingLeader();
    if (leader === null) return this.fails(false);
    if (this.world.passable(vantage, leader.node.index)) return SERVED;
    return { outcome: 'fails', stale: false, cause: this.world.blockCause(vantage, leader.node.index) };
  }

  protected override accessVia(
    member: Member,
    operation: string,
    leader: Member | null,
    vantage: number,
  ): Access {
    const access = super.accessVia(member, operation, leader, vantage);
    if (access === SERVED) return access;
    const known = this.knownLeader(member);
    // Reads come from the leader's own store: one that has lost its quorum answers, with stale data, until it steps down.
    const stale =
      operation === 'read' &&
      known !== null &&
      known.active &&
      known.raft.state === 'Leader' &&
      (known === member || this.group.exchanges(member, known));
    if (access.outcome === 'waits') return this.#lostQuorum(member) ? this.fails(stale) : this.waits(stale);
    // The proxy polls for a new leader when its connection to the old one is closed; into silence it just waits.
    const ends = known === null ? null : this.group.wire.connectionOf(member.id - 1, known.id - 1);
    const closed = ends !== null && !ends.connection.isOpen(ends.end);
    return closed ? this.waits(stale) : this.fails(stale);
  }

  /** After more than so many ticks without a leader calls fail at once (lostQuorumTimeout, facts/platform.md 1.1). */
  #lostQuorum(member: Member): boolean {
    const { lostQuorumTicks, tickUs } = this.#parameters;
    const since = this.#leaderlessSinceUs.get(member);
    if (lostQuorumTicks === null || since === undefined) return false;
    return this.#kernel.nowUs - since > lostQuorumTicks * tickUs;
  }
}
