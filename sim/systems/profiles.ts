/** Every system kind's profiles, and the parameters that a scenario may change. */
import { ETCD_PROFILES } from './etcd/parameters.ts';
import { GOSSIP_PROFILES } from './gossip/parameters.ts';
import type { Profile } from './profile.ts';
import { RAFT_PROFILES } from './raft/parameters.ts';
import { RETHINK_PROFILES } from './rethink/parameters.ts';
import { SWARM_PROFILES } from './swarm/parameters.ts';
import type { SystemKind, SystemSpec } from './system-spec.ts';

export const DEFAULT_PROFILE = 'deck-2017';

type ParametersOf<K extends SystemKind> = Extract<SystemSpec, { kind: K }>['parameters'];

const PROFILES: { readonly [K in SystemKind]: Readonly<Record<string, Profile<ParametersOf<K>>>> } = {
  swarm: SWARM_PROFILES,
  etcd: ETCD_PROFILES,
  rethink: RETHINK_PROFILES,
  gossip: GOSSIP_PROFILES,
  raft: RAFT_PROFILES,
};

/** Operations of each kind, in the order in which reports show them. */
export const OPERATIONS: Readonly<Record<SystemKind, readonly string[]>> = {
  swarm: ['write', 'read', 'schedule'],
  etcd: ['write', 'read'],
  rethink: ['write', 'read'],
  gossip: ['resolve', 'request'],
  raft: ['write', 'read'],
};

export const SYSTEM_KINDS = Object.keys(PROFILES) as SystemKind[];

export function profileNames(kind: SystemKind): string[] {
  return Object.keys(PROFILES[kind]);
}

/** A profile's parameters with what the scenario says instead; RangeError for a profile that the kind does not have. */
export function resolveSystem<K extends SystemKind>(
  kind: K,
  profileName: string,
  overrides: Partial<ParametersOf<K>>,
): { profile: string; parameters: ParametersOf<K>; source: string } {
  const profile = PROFILES[kind][profileName];
  if (profile === undefined) throw new RangeError(`${kind} has no profile named ${profileName}`);
  const changed = Object.keys(overrides).length > 0;
  return {
    profile: changed ? `${profileName}+` : profileName,
    parameters: { ...profile.parameters, ...overrides } as ParametersOf<K>,
    source: profile.source,
  };
}
