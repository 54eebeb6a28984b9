/**
 * How the messages of a Raft group travel: a link for each directed pair and purpose, over the product's channels or as
 * datagrams. Heartbeats, their answers, and everything else are separate streams (PARKING.md, rule 2).
 */

import { CountedGaps } from '../../kernel/counted-gaps.ts';
import { GapProcess } from '../../kernel/gaps.ts';
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import type { Message } from '../../protocols/raft/index.ts';
import { Link, LOST } from '../../world/link.ts';
import type { Channel, ChannelOwner, ChannelPlace, Letter } from '../../world/tcp-channel.ts';
import { WHEEL_PHASE_MAX_US } from '../../world/timer-wheel.ts';
import type { World } from '../../world/world.ts';
import type { Traffic } from '../system.ts';
import type { TrafficCounter } from '../traffic.ts';

/** Ethernet, IP and TCP headers with the message's own envelope; an assumption, stated in docs/accuracy.md. */
export const MESSAGE_BYTES = 120;
const ENTRY_BYTES = 256;

/** Makes the channel from member `from` to member `to` (indices into the group). */
export type ChannelMaker = (place: ChannelPlace, from: number, to: number) => Channel;

export interface Transport {
  readonly channel: ChannelMaker;
  /** How long a sender waits until a message of this type is taken; of products with request and answer. */
  readonly timeoutUs: (message: Message) => number;
}

export interface Way {
  readonly heartbeat: Link;
  readonly heartbeatReply: Link;
  readonly other: Link;
  /** null: datagrams. */
  readonly channel: Channel | null;
  readonly traffic: Traffic;
  othersSent: number;
}

export class Wire {
  readonly #kernel: Kernel;
  readonly #transport: Transport | null;
  readonly #ways: (Way | undefined)[][] = [];
  /** Every channel, by sender, then receiver. */
  readonly #channels: { readonly channel: Channel; readonly from: number; readonly to: number }[] = [];

  /** `nodes[i]` is the node index of member i; `deliver(i, message)` hands an arrived message to member i. */
  constructor(
    kernel: Kernel,
    world: World,
    name: string,
    nodes: readonly number[],
    transport: Transport | null,
    owner: ChannelOwner,
    counter: TrafficCounter,
    deliver: (to: number, message: Message) => void,
  ) {
    this.#kernel = kernel;
    this.#transport = transport;
    const nameOf = (i: number) => world.nodes[nodes[i]!]!.name;
    const phases = nodes.map((_, i) =>
      transport === null ? 0 : wheelPhaseUs(kernel.stream(`${name}/${nameOf(i)}/timer-wheel`)),
    );
    nodes.forEach((fromNode, from) => {
      nodes.forEach((toNode, to) => {
        if (from === to) return;
        const base = `${name}/${nameOf(from)}>${nameOf(to)}`;
        const link = (purpose: string) => {
          const stream = kernel.stream(`${base}/${purpose}`, (_n: number, message: Message) =>
            deliver(to, message),
          );
          const resends = transport === null ? null : new CountedGaps(stream);
          return new Link(world, fromNode, toNode, stream, new GapProcess(stream), resends);
        };
        const place: ChannelPlace = {
          world,
          owner,
          name: base,
          from: fromNode,
          to: toNode,
          fromPhaseUs: phases[from]!,
          toPhaseUs: phases[to]!,
        };
        const way: Way = {
          heartbeat: link('heartbeat'),
          heartbeatReply: link('heartbeat-reply'),
          other: link('other'),
          channel: transport === null ? null : transport.channel(place, from, to),
          traffic: counter.of(world.network.linkClass(fromNode, toNode)),
          othersSent: 0,
        };
        (this.#ways[from] ??= [])[to] = way;
        if (way.channel !== null) this.#channels.push({ channel: way.channel, from, to });
      });
    });
  }

  /** The channel between two members, null where messages travel as datagrams. */
  channel(from: number, to: number): Channel | null {
    return this.#ways[from]?.[to]?.channel ?? null;
  }

  way(from: number, to: number): Way {
    return this.#ways[from]![to]!;
  }

  /** Every channel, with the members at its ends. */
  get channels(): readonly { readonly channel: Channel; readonly from: number; readonly to: number }[] {
    return this.#channels;
  }

  forEachChannel(visit: (channel: Channel, from: number, to: number) => void): void {
    const channels = this.#channels;
    for (let i = 0; i < channels.length; i++) {
      const { channel, from, to } = channels[i]!;
      visit(channel, from, to);
    }
  }

  /** One of the channels will hand on by itself what its receiver has been told. */
  get asks(): boolean {
    for (const { channel } of this.#channels) if (channel.asks) return true;
    return false;
  }

  /** A member leads from now on: heartbeats and their answers go on from that number, whoever led before. */
  leads(leader: number, number: number): void {
    for (let other = 0; other < this.#ways.length; other++) {
      if (other === leader) continue;
      this.way(leader, other).heartbeat.skipTo(number);
      this.way(other, leader).heartbeatReply.skipTo(number);
    }
  }

  /** How a heartbeat goes from one member to another. */
  heartbeatLetter(from: number, to: number, message: Message): Letter {
    const timeoutUs = this.#transport?.timeoutUs(message) ?? 0;
    const link = this.#ways[from]![to]!.heartbeat;
    return { link, number: message.number, payload: message, bytes: MESSAGE_BYTES, timeoutUs };
  }

  /** False when the message is gone and the sender knows it. */
  send(from: number, to: number, message: Message): boolean {
    const way = this.#ways[from]![to]!;
    const bytes = MESSAGE_BYTES + message.entries.length * ENTRY_BYTES;
    const numbered = message.number >= 0;
    const link = !numbered ? way.other : message.type === 'MsgHeartbeat' ? way.heartbeat : way.heartbeatReply;
    const number = numbered ? message.number : way.othersSent++;
    if (way.channel !== null) {
      const timeoutUs = this.#transport!.timeoutUs(message);
      link.lossesInARow = 0;
      if (!way.channel.send({ link, number, payload: message, bytes, timeoutUs })) return false;
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

function wheelPhaseUs(stream: Stream): number {
  return Math.floor(stream.uniform(0) * WHEEL_PHASE_MAX_US);
}

function count(traffic: Traffic, bytes: number): void {
  traffic.messages++;
  traffic.bytes += bytes;
}
