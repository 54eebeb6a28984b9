/** SwarmKit's managers: the control plane of the swarm (facts/platform.md 1). */
import type { Kernel } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import type { Message } from '../../protocols/raft/index.ts';
import type { World } from '../../world/world.ts';
import { bondOf, bondTo, knownLeader, reachOf } from '../raft/client.ts';
import type { RaftGroup } from '../raft/group.ts';
import type { Member } from '../raft/member.ts';
import { RaftSystem, servedBy } from '../raft/system.ts';
import type { Transport } from '../raft/wire.ts';
import { type Access, accessOf, type Change, type Operation } from '../system.ts';
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
  /** Which members had lost their quorum when measures last looked. */
  readonly #hadLost: boolean[] = [];

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'swarm' }>) {
    const { parameters } = spec;
    const leaderlessSinceUs = new Map<Member, number>();
    // Only to look again when calls begin to fail at once.
    const lostQuorum = kernel.stream(`${spec.name}/lost-quorum`, () => kernel.touch());
    let looks = 0;
    const leaderless = (member: Member) => {
      leaderlessSinceUs.set(member, kernel.nowUs);
      if (parameters.lostQuorumTicks === null) return;
      const afterUs = parameters.lostQuorumTicks * parameters.tickUs + 1;
      kernel.schedule(kernel.nowUs + afterUs, lostQuorum, looks++);
    };
    super(kernel, world, spec, parameters, {
      transport: parameters.transport === 'connection' ? (group) => transport(group, parameters) : null,
      handoverUs: null,
      admit,
      started: (member) => leaderless(member),
      leaderChanged: (member) => {
        if (member.raft.lead !== 0) leaderlessSinceUs.delete(member);
        else if (!leaderlessSinceUs.has(member)) leaderless(member);
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

  override changed(): Change {
    let change = super.changed();
    const { hosts } = this.group;
    for (let i = 0; i < hosts.length; i++) {
      const lost = this.#lostQuorum(hosts[i]!);
      if (this.#hadLost[i] !== lost) change = 'anything';
      this.#hadLost[i] = lost;
    }
    return change;
  }

  override access(operation: string, vantage: number): Access {
    if (operation !== 'schedule') return super.access(operation, vantage);
    // Agents speak to any manager; it hands on to the leader what they say, and back what they are to do (facts/platform.md 1.2).
    const leader = this.group.servingLeader();
    if (leader === null) return this.fails();
    for (const member of this.group.hosts) {
      if (!member.active || !this.world.passable(vantage, member.node.index)) continue;
      if (member === leader || this.group.exchanges(member, leader)) return servedBy(leader);
    }
    return accessOf('fails', this.world.blockCause(vantage, leader.node.index));
  }

  protected override accessVia(member: Member, operation: string, leader: Member | null): Access {
    const reach = reachOf(this.group, member);
    const known = knownLeader(this.group, member);
    if (reach === 'no-leader' || known === null) {
      return this.#lostQuorum(member) ? this.fails(false, true) : this.waits();
    }
    // The proxy looks for a new leader every 500 ms when its connection to the old one is closed (raftproxy,
    // pollNewLeaderConn); into silence it just waits.
    if (reach === 'closed' || reach === 'lost') return this.waits();
    if (reach === 'stalled') return this.waits(bondOf(member));
    if (known === leader) return servedBy(known);
    if (known.raft.state !== 'Leader') return this.waits();
    // Reads come from the leader's own store: one that has lost its quorum answers, with stale data, until it steps down.
    if (operation === 'read') return this.fails(true, true);
    return this.waits(bondTo(known));
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
  const { requestEveryUs = AGENT_HEARTBEAT_US } = parameters;
  return {
    channel: (place, from, to) =>
      new GrpcPeer(place, () => (group.hosts[from]!.raft.lead === to + 1 ? requestEveryUs : 0)),
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
