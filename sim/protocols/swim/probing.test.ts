/** memberlist state.go probe and probeNode, net.go handlePing and handleIndirectPing, awareness.go. */
import { describe, expect, test } from 'vitest';
import type { Packet } from './index.ts';
import { ALIVE, SUSPECT } from './index.ts';
import { type Bench, bench, dead, gossip, suspect, updatesIn } from './testing/bench.ts';

const S = 1_000_000;
const MS = 1_000;

/** Begins a probe at `nowUs` and returns its ping. */
function ping({ node, host }: Bench, nowUs: number): Packet {
  host.takeSent();
  node.probeTick(nowUs);
  return host.takeSent()[0]!;
}

function answer(packet: Packet, kind: Packet['kind'], from = packet.to): Packet {
  return { ...packet, kind, from, to: packet.from, updates: null };
}

/** A probe that nobody answers, from its tick to its end. Returns the end. */
function fail(b: Bench, nowUs: number, nacks: number): number {
  const { probe } = ping(b, nowUs);
  b.node.pingTimedOut(probe!);
  const requests = b.host.takeSent();
  for (const request of requests.slice(0, nacks)) b.node.receive(answer(request, 'nack'), nowUs + 600 * MS);
  b.node.probeEnded(probe!, probe!.deadlineUs);
  return probe!.deadlineUs;
}

describe('a probe', () => {
  test('is a ping; the answer ends it', () => {
    const b = bench(10);
    const sent = ping(b, 0);
    expect(sent).toMatchObject({ kind: 'ping', from: 0 });
    b.node.receive(answer(sent, 'ack'), 100);
    expect(b.node.probe).toBeNull();
    expect(b.host.failedProbes).toEqual([]);
  });

  test('without an answer by the time-out goes through three others, and over TCP', () => {
    const b = bench(10);
    const sent = ping(b, 0);
    expect(b.host.probes).toEqual([{ probe: sent.probe, timeoutUs: 500 * MS }]);
    b.node.pingTimedOut(sent.probe!);
    const requests = b.host.takeSent();
    expect(requests.map(({ kind }) => kind)).toEqual(['ping-req', 'ping-req', 'ping-req']);
    const helpers = requests.map(({ to }) => to);
    expect(new Set(helpers).size).toBe(3);
    expect(helpers).not.toContain(0);
    expect(helpers).not.toContain(sent.to);
    expect(b.host.streamPings).toEqual([sent.probe]);
    b.node.receive(answer(requests[1]!, 'forwarded-ack'), 700 * MS);
    expect(b.node.probe).toBeNull();
  });

  test('asks only live members for help', () => {
    const b = bench(5);
    b.node.receive(gossip(1, suspect(3, 1), dead(4, 1)), 0);
    for (let i = 0; i < 12; i++) {
      const sent = ping(b, i * S);
      b.node.pingTimedOut(sent.probe!);
      for (const { to } of b.host.takeSent()) expect([1, 2]).toContain(to);
      b.node.receive(answer(sent, 'ack'), i * S);
    }
  });

  test('at its end without any answer makes a suspect', () => {
    const b = bench(10);
    const sent = ping(b, 0);
    b.node.pingTimedOut(sent.probe!);
    b.node.probeEnded(sent.probe!, 1 * S);
    expect(b.node.view.state(sent.to)).toBe(SUSPECT);
    expect(b.host.changes).toMatchObject([{ subject: sent.to, reason: 'probe', from: 0 }]);
  });

  test('that TCP answered makes none', () => {
    const b = bench(10);
    const sent = ping(b, 0);
    b.node.pingTimedOut(sent.probe!);
    b.node.contacted(sent.probe!);
    b.node.probeEnded(sent.probe!, 1 * S);
    expect(b.node.view.state(sent.to)).toBe(ALIVE);
  });

  test('is not helped by an answer after its end', () => {
    const b = bench(10);
    const sent = ping(b, 0);
    b.node.pingTimedOut(sent.probe!);
    b.node.probeEnded(sent.probe!, 1 * S);
    b.node.receive(answer(sent, 'ack'), 1 * S + 1);
    expect([b.node.score, b.node.view.state(sent.to)]).toEqual([3, SUSPECT]);
  });

  test('tells a suspect so, with nothing else in the packet', () => {
    const b = bench(2);
    b.node.receive(gossip(1, suspect(1, 1)), 0);
    const sent = ping(b, 0);
    expect(updatesIn(sent)).toMatchObject([{ kind: 'suspect', subject: 1, from: 0, incarnation: 1 }]);
    expect(b.node.updates.count).toBe(1);
  });

  test('carries what waits to be gossiped', () => {
    const b = bench(10);
    b.node.receive(gossip(1, suspect(5, 1)), 0);
    const sent = ping(b, 0);
    if (sent.to !== 5) expect(updatesIn(sent)).toMatchObject([{ subject: 5 }]);
  });

  test('a tick during a probe begins the next one when it ends; more ticks are lost', () => {
    const b = bench(10);
    const first = ping(b, 0);
    for (const at of [1, 2, 3]) b.node.probeTick(at * S);
    expect(b.host.takeSent()).toEqual([]);
    b.node.receive(answer(first, 'ack'), 3.5 * S);
    const [second] = b.host.takeSent();
    expect(second!.probe!.startUs).toBe(3.5 * S);
    b.node.receive(answer(second!, 'ack'), 3.6 * S);
    expect(b.host.takeSent()).toEqual([]);
  });
});

describe('health (Lifeguard)', () => {
  test('falls by the nacks that are missing, and a worse one lasts longer', () => {
    const b = bench(10);
    expect(fail(b, 0, 0)).toBe(1 * S);
    expect(b.node.score).toBe(3);
    // Now there is time for the nacks: the score stays.
    expect(fail(b, 10 * S, 3)).toBe(14 * S);
    expect(b.node.score).toBe(3);
    expect(fail(b, 20 * S, 2)).toBe(24 * S);
    expect(b.node.score).toBe(4);
  });

  test('falls by one where nobody could nack', () => {
    const b = bench(2);
    fail(b, 0, 0);
    expect(b.node.score).toBe(1);
  });

  test('improves with every success, and stays within 0 and 7', () => {
    const b = bench(10);
    for (let i = 0; i < 4; i++) fail(b, i * 100 * S, 0);
    expect(b.node.score).toBe(7);
    for (let i = 0; i < 9; i++) {
      const sent = ping(b, (1000 + i) * S);
      b.node.receive(answer(sent, 'ack'), (1000 + i) * S);
      expect(b.node.score).toBe(Math.max(0, 6 - i));
    }
  });

  test('does not stretch the time-out of the direct ping', () => {
    const b = bench(10);
    fail(b, 0, 0);
    ping(b, 10 * S);
    expect(b.host.probes.at(-1)!.timeoutUs).toBe(10 * S + 500 * MS);
  });
});

describe('a helper', () => {
  const asked = () => {
    const b = bench(10);
    const other = bench(10);
    const sent = ping(other, 0);
    other.node.pingTimedOut(sent.probe!);
    const request = { ...other.host.takeSent()[0]!, from: 7, to: 0 };
    b.node.receive(request, 0);
    return { ...b, request, target: sent.to };
  };

  test('pings the target and passes its answer on', () => {
    const { node, host, request, target } = asked();
    const [relayed] = host.takeSent();
    expect(relayed).toMatchObject({ kind: 'relay-ping', to: target });
    node.receive(answer(relayed!, 'relay-ack'), 1000);
    expect(host.takeSent()).toMatchObject([{ kind: 'forwarded-ack', probe: request.probe }]);
    node.relayTimedOut(host.relays[0]!.relay);
    expect(host.takeSent()).toEqual([]);
  });

  test('says after the time-out that there was none; a later answer goes nowhere', () => {
    const { node, host } = asked();
    const [relayed] = host.takeSent();
    expect(host.relays[0]!.timeoutUs).toBe(500 * MS);
    node.relayTimedOut(host.relays[0]!.relay);
    expect(host.takeSent()).toMatchObject([{ kind: 'nack' }]);
    node.receive(answer(relayed!, 'relay-ack'), 600 * MS);
    expect(host.takeSent()).toEqual([]);
  });
});

test('a ping is answered before what comes with it is read', () => {
  const b = bench(10);
  const packet: Packet = { ...gossip(3, suspect(0, 3)), kind: 'ping', probe: ping(bench(10), 0).probe };
  b.node.receive(packet, 0);
  const [ack] = b.host.takeSent();
  expect(ack).toMatchObject({ kind: 'ack', to: 3, updates: null });
  expect(b.host.refutations.length).toBe(1);
  b.node.receive(packet, 1);
  const [second] = b.host.takeSent();
  expect(second!.kind).toBe('ack');
  expect(updatesIn(second!)).toMatchObject([{ kind: 'alive', incarnation: 2 }]);
});
