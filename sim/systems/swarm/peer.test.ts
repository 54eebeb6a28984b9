import { beforeEach, describe, expect, test } from 'vitest';
import { ChannelBench } from '../raft/testing.ts';
import { GrpcPeer } from './peer.ts';

let bench: ChannelBench<GrpcPeer>;
let requestEveryUs: number;
const numbers = () => bench.arrived.map(({ number }) => number);

beforeEach(() => {
  requestEveryUs = 0;
  bench = new ChannelBench((place) => new GrpcPeer(place, () => requestEveryUs));
});

describe("SwarmKit's calls to a peer", () => {
  test('go one at a time: the next leaves when the answer is there', () => {
    bench.at(1000);
    bench.send();
    bench.send();
    bench.at(1010);
    expect(bench.arrived).toEqual([
      { number: 0, atMs: 1000.5 },
      { number: 1, atMs: 1001.5 },
    ]);
  });

  test('into silence take 2 s each, and are lost; what carries entries takes 20 s', () => {
    bench.at(1000).cut();
    bench.send();
    bench.send(20_000);
    bench.send();
    bench.at(60_000);
    expect(bench.unreachable).toEqual([3000, 23_000, 25_000]);
    expect(numbers()).toEqual([]);
    expect(bench.channel.connected).toBe(true);
  });

  test("after a heal get through when TCP tries again, and not at once: the call under way, then the queue's", () => {
    bench.at(1000).cut();
    for (let i = 0; i < 10; i++) bench.send();
    bench.at(8000).heal();
    bench.at(13_700);
    expect(numbers()).toEqual([]);
    expect(bench.channel.flows).toBe(false);
    // 12.8 s after the first packet, and a little later.
    bench.at(15_100);
    expect(numbers()).toEqual([6, 7, 8, 9]);
    expect(bench.channel.flows).toBe(true);
  });

  test('when nothing was sent during the cut the connection is as good as before', () => {
    bench.at(1000).cut();
    bench.at(31_000).heal();
    expect(bench.channel.flows).toBe(true);
    bench.send();
    bench.at(31_002);
    expect(numbers()).toEqual([0]);
  });

  test("requests that pass through it start TCP's clock too", () => {
    requestEveryUs = 100_000;
    bench.at(1000).cut();
    bench.at(31_000).heal();
    expect(bench.channel.flows).toBe(false);
    bench.at(60_000);
    expect(bench.channel.flows).toBe(true);
  });

  test('to a process that is gone fail at once, and it is dialled again after 1, 1.6, 2.6 s ... and at most 8 s', () => {
    bench.at(1000);
    const restart = bench.hold('b', 'process');
    bench.at(1002);
    expect(bench.channel.connected).toBe(false);
    bench.at(1500);
    bench.send();
    expect(bench.unreachable).toEqual([1500]);
    bench.at(100_000);
    restart();
    bench.at(109_700);
    expect(bench.channel.flows).toBe(true);
  });

  test('a quick restart is found by the dial after the first second', () => {
    bench.at(1000);
    const restart = bench.hold('b', 'process');
    bench.at(1400);
    restart();
    bench.at(1990);
    expect(bench.channel.flows).toBe(false);
    bench.at(2010);
    expect(bench.channel.flows).toBe(true);
  });

  test('a machine that was dark and is back resets the connection when TCP next tries', () => {
    bench.at(1000);
    const powerUp = bench.hold('b', 'power');
    bench.at(1100).send();
    bench.at(20_000);
    powerUp();
    bench.at(26_000);
    expect(bench.channel.flows).toBe(false);
    bench.at(29_900);
    expect(bench.channel.flows).toBe(true);
  });

  test('a health check is answered after one round trip, fails at once while it is dialling in vain, and in silence after its time-out', () => {
    const answers: [boolean, number][] = [];
    const check = () =>
      bench.channel.checkHealth(2_000_000, (ok) => answers.push([ok, bench.kernel.nowUs / 1000]));
    bench.at(1000);
    check();
    bench.at(2000).cut();
    check();
    bench.at(10_000).heal();
    bench.at(30_000);
    const restart = bench.hold('b', 'process');
    bench.at(30_100);
    check();
    restart();
    expect(answers).toEqual([
      [true, 1001],
      [false, 4000],
      [false, 30_100],
    ]);
  });
});
