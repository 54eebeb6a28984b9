/** What the parts of a server may ask of it. */
import type { ContractAck } from './contract.ts';
import type { Message } from './message.ts';
import type { ServerId } from './server-id.ts';
import type { Branch, Version } from './version.ts';

export interface Services {
  readonly id: ServerId;
  send(to: ServerId, message: Message): void;
  /** Calls back once everything written so far is on disk; never when the process dies before. */
  afterSync(then: () => void): void;
  /** What is on disk. */
  readonly version: Version;
  /** Data that have reached the disk. */
  stored(version: Version): void;
  acknowledge(ack: ContractAck): void;
  publishPrimary(branch: Branch | null): void;
  /** The branch that a connected server says it is primary of. */
  primaryOf(server: ServerId): Branch | null;
  /** A number never given before. */
  nextNumber(): number;
  /** Which replicas take part in the primary's writes has changed. */
  replicasChanged(ready: readonly ServerId[]): void;
  writeDone(write: number, version: Version, outcome: 'acknowledged' | 'unknown'): void;
}
