/** etcd on the managers: UCP's key-value store (facts/consensus.md 2, facts/platform.md 5.1). */
import type { Kernel } from '../../kernel/kernel.ts';
import { MILLISECOND, SECOND } from '../../kernel/time.ts';
import type { ConnectionPolicy } from '../../world/connection.ts';
import type { World } from '../../world/world.ts';
import type { Member } from '../raft/member.ts';
import { RaftSystem } from '../raft/system.ts';
import { type Access, SERVED } from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import type { EtcdParameters } from './parameters.ts';

/** rafthttp closes a stream on which nothing arrived for 5 s (facts/consensus.md 2.15). */
const READ_TIMEOUT_US = 5 * SECOND;
/** A stream is dialled again every 100 ms (facts/consensus.md 2.15). */
const REDIAL_US = 100 * MILLISECOND;
/** A request waits so long for its leader transfer when the member stops (facts/consensus.md 2.16, 2.8). */
const REQUEST_BASE_US = 5 * SECOND;

export class EtcdSystem extends RaftSystem {
  override readonly impact = [
    'UCP operations: configuration, logins through the UCP API, Kubernetes state (ucp-kv)',
  ];
  readonly #advanceDue = new Set<Member>();

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'etcd' }>) {
    const { parameters } = spec;
    const electionUs = parameters.electionTicks * parameters.tickUs;
    const advanceDue = new Set<Member>();
    super(kernel, world, spec, parameters, {
      policy: parameters.transport === 'connection' ? policy(electionUs) : null,
      handoverUs: REQUEST_BASE_US + 2 * electionUs,
      started: (member) => {
        if (parameters.initialTickAdvance) advanceDue.add(member);
      },
      connected: (member) => {
        if (advanceDue.delete(member)) advanceTicks(member, parameters);
      },
    });
    this.#advanceDue = advanceDue;
  }

  override beginMeasuring(): void {
    this.#advanceDue.clear();
    super.beginMeasuring();
  }

  protected override accessVia(
    member: Member,
    operation: string,
    leader: Member | null,
    vantage: number,
  ): Access {
    const access = super.accessVia(member, operation, leader, vantage);
    if (operation !== 'read' || access === SERVED) return access;
    // Serializable reads are local (2.11). A linearizable read asks again every 500 ms, so it outlives a change of
    // leader that a write passed to the old leader does not.
    return { ...access, outcome: 'waits', stale: true };
  }
}

function policy(electionUs: number): ConnectionPolicy {
  return {
    giveUpAtUs: (lastReadUs) => lastReadUs + READ_TIMEOUT_US,
    // Peers are dialled for 1 s and an election time-out (facts/consensus.md 2.8).
    dial: { firstUs: REDIAL_US, factor: 1, maxUs: REDIAL_US, timeoutUs: 1 * SECOND + electionUs },
  };
}

/** A started member that sees a peer skips all but two ticks of its time-out (facts/consensus.md 2.7). */
function advanceTicks(member: Member, parameters: EtcdParameters): void {
  if (member.raft.state !== 'Follower' || member.raft.lead !== 0) return;
  member.raft.electionElapsed = Math.max(member.raft.electionElapsed, parameters.electionTicks - 2);
}
