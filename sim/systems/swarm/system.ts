/** SwarmKit's managers: the control plane of the swarm (facts/platform.md 1). */
import type { Kernel } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import type { Message } from '../../protocols/raft/index.ts';
import type { World } from '../../world/world.ts';
import type { RaftGroup } from '../raft/group.ts';
import type { Member } from '../raft/member.ts';
import { RaftSystem } from '../raft/system.ts';
import type { Transport } from '../raft/wire.ts';
import { type Access, type Operation, SERVED } from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { AGENT_HEARTBEAT_US, type SwarmParameters } from './parameters.ts';
import { GrpcPeer } from './peer.ts';

/** SendTimeout and LargeSendTimeout of SwarmKit's transport. */
const SEND_TIMEOUT_US = 2 * SECOND;
const LARGE_SEND_TIMEOUT_US = 20 * SECOND;

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
      transport: parameters.transport === 'connection' ? (group) => transport(group, parameters) : null,
      handoverUs: null,
      admit,
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
    const channel = known === null ? null : this.group.wire.channel(member.id - 1, known.id - 1);
    const closed = channel !== null && !channel.connected;
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

function transport(group: RaftGroup, parameters: SwarmParameters): Transport {
  return {
    channel: (place, from, to) =>
      new GrpcPeer(place, () =>
        group.hosts[from]!.raft.lead === to + 1 ? (parameters.requestEveryUs ?? AGENT_HEARTBEAT_US) : 0,
      ),
    timeoutUs: ({ type }) =>
      type === 'MsgApp' || type === 'MsgSnap' ? LARGE_SEND_TIMEOUT_US : SEND_TIMEOUT_US,
  };
}

/**
 * A manager answers a request for its vote only when a health check of the candidate, over its own connection to it,
 * succeeds: a candidate that voters cannot reach wins nothing (raft.go, ProcessRaftMessage: "Reject vote requests from
 * unreachable peers").
 */
function admit(group: RaftGroup, member: Member, message: Message, step: () => void): void {
  const channel = message.type === 'MsgVote' ? group.wire.channel(member.id - 1, message.from - 1) : null;
  if (!(channel instanceof GrpcPeer)) {
    step();
    return;
  }
  const { life } = member;
  channel.checkHealth(SEND_TIMEOUT_US, (healthy) => {
    if (healthy && member.life === life) step();
  });
}
