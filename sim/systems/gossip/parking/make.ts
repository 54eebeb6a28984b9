import type { Kernel } from '../../../kernel/kernel.ts';
import { MESSAGE_BYTES, type Roster } from '../../../protocols/swim/index.ts';
import type { World } from '../../../world/world.ts';
import type { TrafficCounter } from '../../traffic.ts';
import { ENTRY_BYTES } from '../chores.ts';
import { STATE_BYTES } from '../exchange.ts';
import { type GossipMember, PACKET_HEADER_BYTES } from '../member.ts';
import type { GossipParameters } from '../parameters.ts';
import { SYN_BYTES } from '../short-connection.ts';
import { GossipParker } from './parker.ts';
import { Reach } from './reach.ts';

/** The parker of a cluster; its members may come later. */
export function makeParker(
  kernel: Kernel,
  world: World,
  system: string,
  members: readonly GossipMember[],
  roster: Roster,
  parameters: GossipParameters,
  traffic: TrafficCounter,
): GossipParker {
  const { encryptionBytes, probeTimeoutUs, probeIntervalUs, streamTimeoutUs } = parameters;
  const stateBytes = Math.max(STATE_BYTES, ENTRY_BYTES) * roster.size;
  const packet = encryptionBytes + PACKET_HEADER_BYTES;
  const reach = new Reach(world, members, {
    probe: [MESSAGE_BYTES.ping + packet, MESSAGE_BYTES.ack + packet],
    connection: [SYN_BYTES, SYN_BYTES, stateBytes, stateBytes],
    packetBytes: parameters.packetBytes + packet,
    probeLimitUs: Math.min(probeTimeoutUs, probeIntervalUs),
    connectionLimitUs: streamTimeoutUs,
  });
  return new GossipParker(kernel, world, system, members, roster, parameters, traffic, reach);
}
