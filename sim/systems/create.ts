/** Every kind of system. A new one is one folder here, one line in profiles.ts and one here. */
import type { Kernel } from '../kernel/kernel.ts';
import type { World } from '../world/world.ts';
import { EtcdSystem } from './etcd/system.ts';
import { GossipSystem } from './gossip/system.ts';
import { BareRaftSystem } from './raft/system.ts';
import { RethinkSystem } from './rethink/system.ts';
import { SwarmSystem } from './swarm/system.ts';
import type { System } from './system.ts';
import type { SystemSpec } from './system-spec.ts';

export function createSystem(kernel: Kernel, world: World, spec: SystemSpec): System {
  switch (spec.kind) {
    case 'swarm':
      return new SwarmSystem(kernel, world, spec);
    case 'etcd':
      return new EtcdSystem(kernel, world, spec);
    case 'raft':
      return new BareRaftSystem(kernel, world, spec);
    case 'rethink':
      return new RethinkSystem(kernel, world, spec);
    case 'gossip':
      return new GossipSystem(kernel, world, spec);
  }
}
