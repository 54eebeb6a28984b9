/**
 * How the messages of a Raft group travel: a link for each directed pair and purpose, over TCP connections or as
 * datagrams. Heartbeats, their answers, and everything else are separate streams (PARKING.md, rule 2).
 */
import type { Kernel } from '../../kernel/kernel.ts';
import type { Message } from '../../protocols/raft/index.ts';
import { Connection, type ConnectionOwner, type ConnectionPolicy } from '../../world/connection.ts';
import { Link, LOST } from '../../world/link.ts';
import type { World } from '../../world/world.ts';
import type { Traffic } from '../system.ts';
import type { TrafficCounter } from '../traffic.ts';

/** Ethernet, IP and TCP headers with the message's own envelope; an assumption, stated in docs/accuracy.md. */
const MESSAGE_BYTES = 120;
const ENTRY_BYTES = 256;

interface Way {
  readonly heartbeat: Link;
  readonly heartbeatReply: Link;
  readonly other: Link;
  readonly connection: Connection | null;
  /** Which end of the connection the sender is. */
  readonly end: 0 | 1;
  readonly traffic: Traffic;
  othersSent: number;
}

export class Wire {
  readonly #kernel: Kernel;
  readonly #ways: (Way | undefined)[][] = [];
  readonly #connections: { connection: Connection; a: number; b: number }[] = [];

  /**
   * `nodes[i]` is the node index of member i; `deliver(i, message)` hands an arrived message to member i.
   * With a policy messages travel on connections, without as datagrams.
   */
  constructor(
    kernel: Kernel,
    world: World,
    name: string,
    nodes: readonly number[],
    policy: ConnectionPolicy | null,
    owner: ConnectionOwner,
    counter: TrafficCounter,
    deliver: (to: number, message: Message) => void,
  ) {
    this.#kernel = kernel;
    const nameOf = (i: number) => world.nodes[nodes[i]!]!.name;
    nodes.forEach((_, a) => {
      for (let b = a + 1; b < nodes.length; b++) {
        const pair: [number, number] = [nodes[a]!, nodes[b]!];
        const connection =
          policy === null
            ? null
            : new Connection(world, owner, policy, `${name}/${nameOf(a)}=${nameOf(b)}/connection`, pair);
        if (connection !== null) this.#connections.push({ connection, a, b });
        for (const [from, to, end] of [
          [a, b, 0],
          [b, a, 1],
        ] as const) {
          const link = (purpose: string) =>
            new Link(
              world,
              nodes[from]!,
              nodes[to]!,
              kernel.stream(
                `${name}/${nameOf(from)}>${nameOf(to)}/${purpose}`,
                (_n: number, message: Message) => deliver(to, message),
              ),
            );
          (this.#ways[from] ??= [])[to] = {
            heartbeat: link('heartbeat'),
            heartbeatReply: link('heartbeat-reply'),
            other: link('other'),
            connection,
            end,
            traffic: counter.of(world.network.linkClass(nodes[from]!, nodes[to]!)),
            othersSent: 0,
          };
        }
      }
    });
  }

  get connections(): readonly { readonly connection: Connection; readonly a: number; readonly b: number }[] {
    return this.#connections;
  }

  connectionOf(a: number, b: number): { connection: Connection; end: 0 | 1 } | null {
    const way = this.#ways[a]?.[b];
    return way === undefined || way.connection === null ? null : { connection: way.connection, end: way.end };
  }

  /** False when the sender's end of the connection is closed: the message is gone and the sender knows it. */
  send(from: number, to: number, message: Message): boolean {
    const way = this.#ways[from]![to]!;
    const bytes = MESSAGE_BYTES + message.entries.length * ENTRY_BYTES;
    const numbered = message.number >= 0;
    const link = !numbered ? way.other : message.type === 'MsgHeartbeat' ? way.heartbeat : way.heartbeatReply;
    const number = numbered ? message.number : way.othersSent++;
    if (way.connection !== null) {
      const sent = way.connection.send(way.end, link, number, message, bytes);
      if (!sent) return false;
      count(way.traffic, bytes);
      way.traffic.lost += link.lossesInARow;
      return true;
    }
    count(way.traffic, bytes);
    const transitUs = link.transitUs(number, bytes);
    if (transitUs === LOST) way.traffic.lost++;
    else this.#kernel.schedule(this.#kernel.nowUs + transitUs, link.stream, number, message);
    return true;
  }
}

function count(traffic: Traffic, bytes: number): void {
  traffic.messages++;
  traffic.bytes += bytes;
}
