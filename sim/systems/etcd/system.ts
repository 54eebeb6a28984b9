/** etcd on the managers: UCP's key-value store (facts/consensus.md 2, facts/platform.md 5.1). */
import type { Kernel } from '../../kernel/kernel.ts';
import { MILLISECOND, SECOND } from '../../kernel/time.ts';
import type { World } from '../../world/world.ts';
import type { RaftGroup } from '../raft/group.ts';
import type { Member } from '../raft/member.ts';
import { RaftSystem } from '../raft/system.ts';
import type { Transport } from '../raft/wire.ts';
import { type Access, ANYONE } from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { RafthttpStream } from './stream.ts';

/** A request waits so long for its leader transfer when the member stops (facts/consensus.md 2.16, 2.8). */
const REQUEST_BASE_US = 5 * SECOND;
/** A started member looks so often, for so long, whether it sees enough peers to advance its ticks (2.7). */
const PEERS_POLL_US = 50 * MILLISECOND;
const PEERS_POLLS = 100;
const ACTIVE_PEERS_MIN = 2;

export class EtcdSystem extends RaftSystem {
  override readonly impact = [
    'UCP operations: configuration, logins through the UCP API, Kubernetes state (ucp-kv)',
  ];
  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'etcd' }>) {
    const { parameters } = spec;
    const electionUs = parameters.electionTicks * parameters.tickUs;
    let polls = 0;
    const poll = kernel.stream(`${spec.name}/peers-poll`, (_n: number, { member, life, left }: Poll) => {
      if (!member.running || member.life !== life) return;
      if (activePeers(this.group, member) >= ACTIVE_PEERS_MIN) {
        member.advanceTicks(parameters.electionTicks - 2);
      } else if (left > 1) {
        pollLater(member, left - 1);
      }
    });
    const pollLater = (member: Member, left: number) =>
      kernel.schedule(kernel.nowUs + PEERS_POLL_US, poll, polls++, { member, life: member.life, left });
    super(kernel, world, spec, parameters, {
      transport: parameters.transport === 'connection' ? () => transport(electionUs) : null,
      busyStreams: [poll],
      handoverUs: REQUEST_BASE_US + 2 * electionUs,
      started: (member) => {
        if (this.group.hosts.length === 1) member.advanceTicks(parameters.electionTicks - 1);
        else if (parameters.initialTickAdvance) pollLater(member, PEERS_POLLS);
      },
    });
  }

  protected override accessVia(member: Member, operation: string, leader: Member | null): Access {
    const access = super.accessVia(member, operation, leader);
    if (operation !== 'read' || access.outcome === 'served') return access;
    // Serializable reads are local (2.11). A linearizable read asks again every 500 ms and is tried again by its client
    // when the leader changes, so it outlives what a write handed to the old leader does not.
    return this.waits(ANYONE, true);
  }
}

interface Poll {
  readonly member: Member;
  readonly life: number;
  readonly left: number;
}

function transport(electionUs: number): Transport {
  return {
    // Peers are dialled for 1 s and an election time-out (facts/consensus.md 2.8).
    channel: (place) => new RafthttpStream(place, 1 * SECOND + electionUs),
    timeoutUs: () => 0,
  };
}

/** Peers that a member exchanges messages with. */
function activePeers(group: RaftGroup, member: Member): number {
  return group.hosts.filter((other) => other !== member && group.exchanges(member, other)).length;
}
