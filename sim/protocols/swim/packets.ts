/** Putting datagrams together (memberlist net.go sendMsg, state.go gossip): what waits to be broadcast rides along. */
import {
  COMPOUND_HEADER_BYTES,
  COMPOUND_PART_BYTES,
  MESSAGE_BYTES,
  type PacketKind,
  type Probe,
  type Relay,
  USER_MESSAGE_BYTES,
  type UserEvent,
} from './message.ts';
import type { SwimState } from './state.ts';
import type { UpdateList } from './update-list.ts';

/** What rides along. */
const scratch: { updates: UpdateList | null; events: UserEvent[] | null; bytes: number } = {
  updates: null,
  events: null,
  bytes: 0,
};

/** Takes broadcasts into `scratch`; false when none waits or fits. */
function takeBroadcasts(s: SwimState, limit: number): boolean {
  scratch.updates = null;
  scratch.events = null;
  scratch.bytes = 0;
  if (s.updates.count === 0 && s.events.count === 0) return false;
  const transmits = s.timings.retransmitLimit(s.known);
  if (s.updates.count > 0) {
    const list = s.roster.lists.take(limit);
    list.count = s.updates.take(list.words, COMPOUND_PART_BYTES, limit, transmits);
    if (list.count > 0) {
      scratch.updates = list;
      scratch.bytes = limit - s.updates.freeBytes;
    } else s.roster.lists.giveBack(list);
  }
  const overhead = COMPOUND_PART_BYTES + USER_MESSAGE_BYTES;
  const free = limit - scratch.bytes;
  if (s.events.count > 0 && free > overhead) {
    const contents = new Int32Array(2 * s.events.count);
    const count = s.events.take(contents, overhead, free, transmits);
    if (count > 0) {
      scratch.events = Array.from({ length: count }, (_, i) => s.roster.events.item(contents[2 * i + 1]!));
      scratch.bytes += free - s.events.freeBytes;
    }
  }
  return scratch.updates !== null || scratch.events !== null;
}

/** Sends a message of the probe protocol, with broadcasts that fit beside it. */
export function send(
  s: SwimState,
  kind: Exclude<PacketKind, 'gossip'>,
  to: number,
  probe: Probe,
  relay: Relay | null,
): void {
  const { packetBytes, encryptionBytes } = s.timings.config;
  const own = MESSAGE_BYTES[kind];
  const some = takeBroadcasts(s, packetBytes - own - COMPOUND_HEADER_BYTES - encryptionBytes);
  s.host.send({
    kind,
    from: s.self,
    to,
    probe,
    relay,
    updates: some ? scratch.updates : null,
    events: some ? scratch.events : null,
    bytes: own + scratch.bytes + encryptionBytes,
    number: 0,
  });
}

/** Sends a gossip packet with what waits; false when nothing does. */
export function sendGossip(s: SwimState, to: number, number: number): boolean {
  const { packetBytes, encryptionBytes } = s.timings.config;
  if (!takeBroadcasts(s, packetBytes - COMPOUND_HEADER_BYTES - encryptionBytes)) return false;
  s.host.send({
    kind: 'gossip',
    from: s.self,
    to,
    probe: null,
    relay: null,
    updates: scratch.updates,
    events: scratch.events,
    bytes: COMPOUND_HEADER_BYTES + scratch.bytes + encryptionBytes,
    number,
  });
  return true;
}
