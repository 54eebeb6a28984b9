/**
 * What SWIM nodes tell each other. Sizes in bytes are those of memberlist's encoding (msgpack maps with field names,
 * net.go).
 */

import type { Sized } from './shelf.ts';
import { ALIVE, DEAD, SUSPECT } from './states.ts';
import type { UpdateList } from './update-list.ts';

/** What an update says of its subject; the same numbers as the states. */
export const UPDATE_KINDS = { alive: ALIVE, suspect: SUSPECT, dead: DEAD } as const;
export type UpdateKind = typeof ALIVE | typeof SUSPECT | typeof DEAD;

/** What one node says of another's state, spelled out; on their way updates are numbers (UpdateList, UpdateWords). */
export interface Update {
  readonly kind: keyof typeof UPDATE_KINDS;
  readonly subject: number;
  readonly incarnation: number;
  /** Who suspects or declares; the subject itself when it leaves in good order, and of alive. */
  readonly from: number;
}

/** Something that the program above SWIM broadcasts; each node passes it on once. */
export interface UserEvent extends Sized {
  /** 0, 1, 2, ... in the whole cluster. */
  readonly id: number;
  readonly origin: number;
}

/** One probe of one member; it stands for the sequence number in ping and ack. */
export interface Probe {
  readonly prober: number;
  /** 1, 2, 3, ... over all lives of the prober. */
  readonly number: number;
  readonly target: number;
  /** What the prober held of the target when the probe began. */
  readonly targetIncarnation: number;
  readonly startUs: number;
  readonly deadlineUs: number;
  expectedNacks: number;
  nacks: number;
  /** The TCP ping was answered. */
  contacted: boolean;
  /** It succeeded or its deadline has passed: later answers are ignored. */
  closed: boolean;
}

/** A ping on another's behalf. */
export interface Relay {
  readonly probe: Probe;
  readonly helper: number;
  /** 0, 1, 2: which of the probe's helpers. */
  readonly place: number;
  /** The target answered, or the time-out has passed. */
  closed: boolean;
}

export type PacketKind =
  | 'ping'
  | 'ack'
  | 'ping-req'
  | 'relay-ping'
  | 'relay-ack'
  | 'forwarded-ack'
  | 'nack'
  | 'gossip';

/** One datagram. */
export interface Packet {
  readonly kind: PacketKind;
  readonly from: number;
  readonly to: number;
  readonly probe: Probe | null;
  readonly relay: Relay | null;
  readonly updates: UpdateList | null;
  readonly events: readonly UserEvent[] | null;
  readonly bytes: number;
  /** Of the sender's gossip packets: 3 * tick + place. */
  readonly number: number;
}

/** Bytes of the messages that carry no update, without names; a compound packet adds 2 and 2 for each part. */
export const MESSAGE_BYTES = {
  ping: 80,
  ack: 20,
  'ping-req': 110,
  'relay-ping': 80,
  'relay-ack': 20,
  'forwarded-ack': 20,
  nack: 12,
} as const;

export const COMPOUND_HEADER_BYTES = 2;
export const COMPOUND_PART_BYTES = 2;
export const USER_MESSAGE_BYTES = 1;

/** Of a suspect or dead message: type, field names and an incarnation of one byte; two names are added. */
export const SUSPECT_BYTES = 27;
/** Of an alive message: type, field names, address, port, versions and an incarnation of one byte; the name is added. */
export const ALIVE_BYTES = 68;

/** Of an update. */
export function updateBytes(
  kind: UpdateKind,
  names: Uint8Array,
  subject: number,
  incarnation: number,
  from: number,
): number {
  const fixed = kind === ALIVE ? ALIVE_BYTES : SUSPECT_BYTES + names[from]!;
  return fixed + names[subject]! + integerBytes(incarnation) - 1;
}

/** Kind (2 bits) and incarnation. */
export function updateWord(kind: UpdateKind, incarnation: number): number {
  return kind | (incarnation << 2);
}

export function kindOf(word: number): UpdateKind {
  return (word & 3) as UpdateKind;
}

export function incarnationOf(word: number): number {
  return word >>> 2;
}

/** msgpack: up to 127 in one byte, then a type byte and the value. */
export function integerBytes(value: number): number {
  if (value < 128) return 1;
  if (value < 256) return 2;
  return value < 65536 ? 3 : 5;
}
