import type { Packet, PacketKind } from '../../protocols/swim/index.ts';

/** The place of a packet among those of its probe: an answer takes the number of its request (PARKING.md, rule 2). */
export function packetPlace({ kind, relay }: Packet, helpers: number): number {
  return placeOf(kind, relay?.place ?? 0, helpers);
}

/** `place`: of the helper among `helpers`. */
export function placeOf(kind: PacketKind, place: number, helpers: number): number {
  switch (kind) {
    case 'ping':
      return 0;
    case 'ack':
      return 1;
    case 'ping-req':
      return 2 + place;
    case 'relay-ping':
      return 2 + helpers + place;
    case 'relay-ack':
      return 2 + 2 * helpers + place;
    default:
      return 2 + 3 * helpers + place;
  }
}
