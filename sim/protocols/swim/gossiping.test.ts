/** memberlist state.go gossip, util.go kRandomNodes, queue.go; serf's user events ride the same way. */
import { expect, test } from 'vitest';
import { RandomStream } from '../../kernel/streams.ts';
import { ProbeRing } from './ring.ts';
import { alive, bench, dead, gossip, suspect, updatesIn } from './testing/bench.ts';

const S = 1_000_000;

test('a tick with nothing to tell sends nothing', () => {
  const { node, host } = bench(10);
  node.gossipTick(1, 0);
  expect(host.sent).toEqual([]);
});

test('three different members are told, until it has been sent 4 * ceil(log10(n + 1)) times', () => {
  const { node, host } = bench(10);
  node.receive(gossip(1, suspect(5, 1)), 0);
  expect(host.gossipAsked).toBe(1);
  node.gossipTick(1, 0);
  expect(new Set(host.sent.map(({ to }) => to)).size).toBe(3);
  expect(host.sent.map(({ number }) => number)).toEqual([3, 4, 5]);
  for (let tick = 2; tick < 10; tick++) node.gossipTick(tick, 0);
  expect(host.sent.length).toBe(8);
  expect(node.hasGossip).toBe(false);
});

test('the dead are told for 30 s', () => {
  const told = (atUs: number) => {
    const { node, host } = bench(3, { retransmitMult: 60 });
    node.receive(gossip(1, dead(2, 1)), 0);
    for (let tick = 1; tick < 10; tick++) node.gossipTick(tick, atUs);
    return new Set(host.takeSent().map(({ to }) => to));
  };
  expect(told(30 * S)).toEqual(new Set([1, 2]));
  expect(told(30 * S + 1)).toEqual(new Set([1]));
});

test('a packet holds what fits: 37 accusations of 35 bytes in 1400', () => {
  const { node, host } = bench(200);
  for (let subject = 100; subject < 160; subject++) node.receive(gossip(1, suspect(subject, 1)), 0);
  node.gossipTick(1, 0);
  expect(host.sent[0]!.updates!.count).toBe(37);
  const encrypted = bench(200, { encryptionBytes: 30 });
  for (let subject = 100; subject < 160; subject++) encrypted.node.receive(gossip(1, suspect(subject, 1)), 0);
  encrypted.node.gossipTick(1, 0);
  expect(encrypted.host.sent[0]!.updates!.count).toBe(36);
});

test('user events are passed on once, behind the news of members', () => {
  const { node, host } = bench(10);
  const event = { id: 7, origin: 3, bytes: 60, shelf: -1 };
  const packet = { ...gossip(3), events: [event] };
  node.receive(packet, 0);
  node.receive(packet, 0);
  expect(host.events).toEqual([
    { id: 7, first: true },
    { id: 7, first: false },
  ]);
  node.receive(gossip(1, suspect(5, 1)), 0);
  node.gossipTick(1, 0);
  expect(updatesIn(host.sent[0]!)).toMatchObject([{ subject: 5 }]);
  expect(host.sent[0]!.events).toMatchObject([{ id: 7 }]);
});

test('alive messages of a packet are handled before the others', () => {
  const { node, host } = bench(10);
  node.receive(gossip(1, suspect(5, 1, 1), alive(5, 2)), 0);
  expect(host.changes).toEqual([]);
  expect(node.view.incarnationOf(5)).toBe(2);
});

test('an exchange goes to a live member', () => {
  const { node, host } = bench(4);
  node.receive(gossip(1, dead(1, 2), suspect(2, 3)), 0);
  const peers = new ProbeRing(new RandomStream(1, 'peers'), 0, 4, 0);
  for (let i = 0; i < 20; i++) node.pushPullTick(peers);
  expect(new Set(host.exchanges)).toEqual(new Set([3]));
  expect(host.exchanges.length).toBeGreaterThan(15);
});

test('the same numbers give the same choices, whatever happened between', () => {
  const targets = (ticks: readonly number[]) => {
    const { node, host } = bench(50);
    node.receive(gossip(1, suspect(5, 1)), 0);
    for (const tick of ticks) node.gossipTick(tick, 0);
    return host.sent.filter(({ number }) => Math.floor(number / 3) === 9).map(({ to }) => to);
  };
  expect(targets([9])).toEqual(targets([4, 9]));
});
