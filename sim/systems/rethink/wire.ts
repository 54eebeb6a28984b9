/** How the servers of one store talk: a connection for each pair, a link for each direction, heartbeats without events. */
import type { Kernel } from '../../kernel/kernel.ts';
import type { TraceId } from '../../kernel/trace.ts';
import { type Message, messageBytes } from '../../protocols/rethinkdb/index.ts';
import { Connection, type ConnectionOwner } from '../../world/connection.ts';
import { Link } from '../../world/link.ts';
import type { World } from '../../world/world.ts';
import type { Traffic } from '../system.ts';
import type { TrafficCounter } from '../traffic.ts';
import { Heartbeats } from './heartbeats.ts';
import type { RethinkParameters } from './parameters.ts';

/** tcp_syn_retries 6: an attempt into silence ends after 127 s. RethinkDB itself sets no limit. */
const CONNECT_TIMEOUT_US = 127_000_000;

export interface Pair {
  readonly connection: Connection;
  readonly heartbeats: Heartbeats;
  /** Members at its two ends. */
  readonly members: readonly [number, number];
  /** Counts how often it opened: what was sent on an earlier connection is gone. */
  epoch: number;
}

interface Way {
  readonly link: Link;
  readonly pair: Pair;
  readonly end: 0 | 1;
  readonly traffic: Traffic;
  sent: number;
}

interface Letter {
  readonly message: Message;
  readonly cause: TraceId;
  readonly epoch: number;
}

export class Wire {
  readonly pairs: readonly Pair[];
  readonly #ways: (Way | undefined)[][] = [];

  /** `nodes[i]` is the node of member i; `deliver` hands an arrived message to member `to`. */
  constructor(
    kernel: Kernel,
    world: World,
    name: string,
    nodes: readonly number[],
    parameters: RethinkParameters,
    owner: ConnectionOwner,
    counter: TrafficCounter,
    deliver: (to: number, from: number, message: Message, cause: TraceId) => void,
  ) {
    const nameOf = (member: number) => world.nodes[nodes[member]!]!.name;
    const pairs: Pair[] = [];
    for (let a = 0; a < nodes.length; a++) {
      for (let b = a + 1; b < nodes.length; b++) {
        const ends: [number, number] = [nodes[a]!, nodes[b]!];
        const pairName = `${name}/${nameOf(a)}=${nameOf(b)}`;
        const traffic = counter.of(world.network.linkClass(...ends));
        const heartbeats = new Heartbeats(
          kernel,
          world,
          pairName,
          ends,
          parameters,
          traffic,
          () => connection,
        );
        const policy = {
          giveUpAtUs: (lastReadUs: number, end: 0 | 1) => heartbeats.giveUpAtUs(lastReadUs, end),
          dial: {
            firstUs: parameters.reconnectMinUs,
            factor: parameters.reconnectFactor,
            maxUs: parameters.reconnectMaxUs,
            timeoutUs: CONNECT_TIMEOUT_US,
          },
        };
        const connection: Connection = new Connection(world, owner, policy, `${pairName}/connection`, ends);
        const pair: Pair = { connection, heartbeats, members: [a, b], epoch: 0 };
        pairs.push(pair);
        for (const [from, to, end] of [
          [a, b, 0],
          [b, a, 1],
        ] as const) {
          const stream = kernel.stream(
            `${name}/${nameOf(from)}>${nameOf(to)}/other`,
            (_n: number, { message, cause, epoch }: Letter) => {
              if (epoch !== pair.epoch || !connection.isOpen((1 - end) as 0 | 1)) return;
              deliver(to, from, message, cause);
            },
          );
          const link = new Link(world, nodes[from]!, nodes[to]!, stream);
          (this.#ways[from] ??= [])[to] = { link, pair, end, traffic, sent: 0 };
        }
      }
    }
    this.pairs = pairs;
  }

  /** The pair's connection and which end of it the first member has. */
  between(a: number, b: number): { pair: Pair; end: 0 | 1 } {
    const { pair, end } = this.#ways[a]![b]!;
    return { pair, end };
  }

  /** Nothing happens when the sender's end is closed: the sender has been told. */
  send(from: number, to: number, message: Message, cause: TraceId): void {
    const way = this.#ways[from]![to]!;
    const { pair, end, link, traffic } = way;
    const bytes = messageBytes(message);
    const letter: Letter = { message, cause, epoch: pair.epoch };
    if (!pair.connection.send(end, link, way.sent, letter, bytes)) return;
    way.sent++;
    traffic.messages++;
    traffic.bytes += bytes;
    traffic.lost += link.lossesInARow;
    pair.heartbeats.wrote(end);
  }

  /** Messages pass both ways without waiting. */
  flows(a: number, b: number): boolean {
    const { connection } = this.between(a, b).pair;
    return connection.flows(0) && connection.flows(1);
  }

  pairOf(connection: Connection): Pair {
    return this.pairs.find((pair) => pair.connection === connection)!;
  }
}
