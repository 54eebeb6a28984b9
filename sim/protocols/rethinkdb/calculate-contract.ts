/**
 * The coordinator's rule: which contract follows from the present one, what the servers say of it, and who sees whom
 * (RethinkDB calculate_contracts.cc; facts/consensus.md 3.14-3.17).
 */
import { type Contract, type ContractAck, sameServers, type TableConfig } from './contract.ts';
import { isMajority } from './raft-config.ts';
import type { ServerId } from './server-id.ts';
import { type Branch, commonPosition } from './version.ts';

/**
 * Does the coordinator see `observer`, and does that one see `target`? For observer = target: does the coordinator see it?
 */
export type Sees = (observer: ServerId, target: ServerId) => boolean;

export interface ContractInputs {
  readonly config: TableConfig;
  readonly contract: Contract;
  readonly branch: Branch;
  /** Answers to this very contract, by server. */
  readonly acks: ReadonlyMap<ServerId, ContractAck>;
  readonly sees: Sees;
}

export function calculateContract(inputs: ContractInputs): Contract {
  const { config, contract: old, acks } = inputs;
  const next: { -readonly [K in keyof Contract]: Contract[K] } = {
    replicas: union(old.replicas, config.voters, config.nonVoters),
    voters: old.voters,
    tempVoters: old.tempVoters,
    primary: old.primary,
    afterEmergencyRepair: old.afterEmergencyRepair,
  };
  if (old.tempVoters === null) {
    next.tempVoters = stagedVoters(inputs);
  } else if (old.primary !== null && acks.get(old.primary.server)?.state === 'primary-ready') {
    next.voters = old.tempVoters;
    next.tempVoters = null;
  }
  if (old.primary !== null && acks.get(old.primary.server)?.state === 'primary-ready') {
    next.afterEmergencyRepair = false;
  }
  const visible = visibleVoters(next, inputs.sees);

  let primaryMustGo = false;
  for (const server of old.replicas) {
    const wanted = config.voters.includes(server) || config.nonVoters.includes(server);
    if (wanted || next.voters.includes(server) || next.tempVoters?.includes(server)) continue;
    next.replicas = next.replicas.filter((id) => id !== server);
    if (old.primary?.server === server) primaryMustGo = true;
  }

  if (old.primary === null) {
    const server = old.afterEmergencyRepair
      ? newestOfAll(next.voters, acks)
      : electPrimary(next.voters, visible, inputs);
    if (server !== null) next.primary = { server, handOver: null };
  } else if (primaryMustGo || !visible.has(old.primary.server)) {
    // It takes two rounds: a majority must promise to stop listening to the old primary before a new one may begin.
    next.primary = null;
  } else {
    next.primary = handedOver(old.primary, visible, inputs);
  }
  return next;
}

/**
 * Voters that more than half of the voters (and of the coming voters) see. A server that the coordinator does not see
 * counts as seeing everybody, which spares needless fail-overs (3.14).
 */
export function visibleVoters(contract: Contract, sees: Sees): Set<ServerId> {
  const visible = new Set<ServerId>();
  for (const target of union(contract.voters, contract.tempVoters ?? [])) {
    const judge = (observer: ServerId) => sees(observer, target) || !sees(observer, observer);
    if (!isMajority(contract.voters, judge)) continue;
    if (contract.tempVoters !== null && !isMajority(contract.tempVoters, judge)) continue;
    visible.add(target);
  }
  return visible;
}

/** Which voter takes over, or null to wait (3.15). */
function electPrimary(
  voters: readonly ServerId[],
  visible: ReadonlySet<ServerId>,
  { config, branch, acks }: ContractInputs,
): ServerId | null {
  const candidates: { server: ServerId; position: number }[] = [];
  for (const server of voters) {
    const ack = acks.get(server);
    if (ack?.state !== 'secondary-need-primary') continue;
    candidates.push({ server, position: commonPosition(ack.version!, branch) });
  }
  // Ties by server id, so that the same server is picked if this is done twice.
  candidates.sort((a, b) => a.position - b.position || a.server - b.server);
  const eligible = candidates.filter(({ server, position }) => {
    const notNewer = candidates.filter((other) => other.position <= position).length;
    return visible.has(server) && notNewer > voters.length / 2;
  });
  if (eligible.some(({ server }) => server === config.primary)) return config.primary;
  if (eligible.length === 0) return null;
  // The configured primary could still answer: better wait for it than move the primary twice.
  if (visible.has(config.primary) && !acks.has(config.primary)) return null;
  return eligible.at(-1)!.server;
}

/** After an emergency repair histories may have gaps: every voter must answer, and the longest history wins (3.17). */
function newestOfAll(voters: readonly ServerId[], acks: ReadonlyMap<ServerId, ContractAck>): ServerId | null {
  let best: ServerId | null = null;
  let bestPosition = -1;
  for (const server of voters) {
    const ack = acks.get(server);
    if (ack?.state !== 'secondary-need-primary') return null;
    if (ack.version!.position > bestPosition) {
      best = server;
      bestPosition = ack.version!.position;
    }
  }
  return best;
}

/** A primary that is not the configured one gives way once that one is up to date and visible (3.16). */
function handedOver(
  primary: NonNullable<Contract['primary']>,
  visible: ReadonlySet<ServerId>,
  { config, acks }: ContractInputs,
): Contract['primary'] {
  const wanted = config.primary;
  if (primary.server === wanted) return { server: wanted, handOver: null };
  if (primary.handOver !== wanted) {
    const ready = acks.get(wanted)?.state === 'secondary-streaming' && visible.has(wanted);
    return { server: primary.server, handOver: ready ? wanted : null };
  }
  if (acks.get(primary.server)?.state === 'primary-ready') return null;
  return visible.has(wanted) ? primary : { server: primary.server, handOver: null };
}

/** The coming voters when the configuration asks for others: streaming replicas come first, and a majority of them stays. */
function stagedVoters({ config, contract, acks }: ContractInputs): readonly ServerId[] | null {
  const { voters } = contract;
  if (sameServers(voters, config.voters)) return null;
  const streams = (server: ServerId) =>
    acks.has(server) &&
    (acks.get(server)!.state === 'secondary-streaming' || contract.primary?.server === server);
  const staged = [
    ...voters,
    ...config.voters.filter((server) => !voters.includes(server) && streams(server)),
  ];
  const removable = staged.filter((server) => !config.voters.includes(server));
  removable.sort((a, b) => Number(streams(a)) - Number(streams(b)) || a - b);
  const streaming = staged.filter(streams).length;
  const fewest = Math.min(voters.length, config.voters.length);
  for (const server of removable) {
    // RethinkDB compares with the number of streaming voters before any was removed, and so do we.
    const left = streams(server) ? streaming - 1 : streaming;
    if (left <= (staged.length - 1) / 2 || staged.length <= fewest) break;
    staged.splice(staged.indexOf(server), 1);
  }
  return sameServers(staged, voters) ? null : staged;
}

function union(first: readonly ServerId[], ...others: readonly (readonly ServerId[])[]): ServerId[] {
  const all = [...first];
  for (const servers of others) for (const server of servers) if (!all.includes(server)) all.push(server);
  return all;
}
