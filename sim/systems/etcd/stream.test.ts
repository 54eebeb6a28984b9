import { beforeEach, describe, expect, test } from 'vitest';
import { ChannelBench } from '../raft/testing.ts';
import { RafthttpStream } from './stream.ts';

let bench: ChannelBench<RafthttpStream>;
const numbers = () => bench.arrived.map(({ number }) => number);

beforeEach(() => {
  bench = new ChannelBench((place) => new RafthttpStream(place, 2_000_000));
});

describe("etcd's stream", () => {
  test('delivers in order, one latency later', () => {
    bench.at(1000);
    bench.send();
    bench.send();
    bench.at(1100);
    expect(numbers()).toEqual([0, 1]);
    expect(bench.arrived[0]!.atMs).toBe(1000.5);
  });

  test('keeps messages through a short cut, and delivers them at the next retransmission', () => {
    bench.at(1000).send();
    bench.at(1050).cut();
    bench.send();
    bench.at(1150);
    bench.send();
    expect([bench.channel.flows, bench.channel.holds]).toEqual([false, true]);
    bench.at(2000).heal();
    bench.at(2400);
    // Sent again 0.2, 0.6 and 1.4 s after the first that was lost.
    expect(numbers()).toEqual([0]);
    bench.at(2600);
    expect(numbers()).toEqual([0, 1, 2]);
    expect(bench.channel.flows).toBe(true);
  });

  test('is given up by its receiver after 5 s, while the sender writes on into the void', () => {
    bench.at(1000).send();
    bench.at(1050).cut();
    bench.at(5990).send();
    expect(bench.channel.holds).toBe(true);
    bench.at(6010);
    expect([bench.channel.holds, bench.channel.connected]).toEqual([false, true]);
    expect(bench.send()).toBe(true);
    bench.at(20_000).heal();
    bench.at(30_000);
    expect(numbers()).toEqual([0]);
    expect(bench.unreachable).toEqual([]);
  });

  test("after a heal comes back with the receiver's next dial: within a second", () => {
    for (const healMs of [7_010, 7_500, 7_990, 33_333, 61_099]) {
      bench = new ChannelBench((place) => new RafthttpStream(place, 2_000_000));
      bench.at(1000).send();
      bench.at(1050).cut();
      bench.at(healMs).heal();
      expect(bench.channel.flows).toBe(false);
      bench.at(healMs + 1_040);
      expect(bench.channel.flows).toBe(true);
      // Dials began at 6000.5 ms, each 2 s long, with packets at 0 and after about a second.
      const phaseMs = (healMs - 6_000.5) % 2_000;
      const waitMs = phaseMs < 1_000 ? 1_000 - phaseMs : 2_000 - phaseMs;
      bench = new ChannelBench((place) => new RafthttpStream(place, 2_000_000));
      bench.at(1000).send();
      bench.at(1050).cut();
      bench.at(healMs).heal();
      bench.at(healMs + waitMs - 1);
      expect(bench.channel.flows).toBe(false);
    }
  });

  test('without Raft messages is kept alive by link heartbeats, so it is given up 3.3 to 5 s after the cut', () => {
    bench.at(60_000).cut();
    bench.at(63_300);
    expect(bench.channel.holds).toBe(true);
    bench.at(65_010);
    expect(bench.channel.holds).toBe(false);
  });

  test("when the receiver's process dies the sender learns it at once, and its messages are refused", () => {
    bench.at(1000);
    const restart = bench.hold('b', 'process');
    bench.at(1001);
    expect(bench.unreachable).toEqual([1000.5]);
    expect(bench.send()).toBe(false);
    bench.at(3000);
    restart();
    bench.at(3010);
    expect([bench.channel.flows, bench.send()]).toEqual([true, true]);
  });

  test("while the receiver still dials, a restarted sender's messages are posted one by one", () => {
    bench.at(1000);
    const restart = bench.hold('a', 'process');
    bench.at(5000);
    restart();
    expect([bench.channel.connected, bench.channel.flows, bench.send()]).toEqual([false, true, true]);
    bench.at(5002);
    // A connection of its own first: one round trip more.
    expect(bench.arrived).toEqual([{ number: 0, atMs: 5001.5 }]);
    bench.at(5110);
    expect(bench.channel.connected).toBe(true);
  });

  test('a machine that goes dark is noticed by the reader only', () => {
    bench.at(1000).send();
    bench.at(1050);
    bench.hold('b', 'power');
    bench.at(10_000);
    expect(bench.send()).toBe(true);
    expect(bench.unreachable).toEqual([]);
  });

  test('to a frozen receiver messages get through; from a frozen sender the stream is given up, and is back at once', () => {
    bench.at(1000).send();
    const thaw = bench.hold('a', 'pause');
    bench.at(6010);
    expect(bench.channel.holds).toBe(false);
    bench.at(9000);
    thaw();
    bench.at(9005);
    expect(bench.channel.flows).toBe(true);
  });
});
