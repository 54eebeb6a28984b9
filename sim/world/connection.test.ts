import { beforeEach, describe, expect, test } from 'vitest';
import { constant } from '../kernel/distribution.ts';
import { Kernel } from '../kernel/kernel.ts';
import { SECOND } from '../kernel/time.ts';
import { Connection } from './connection.ts';
import { Link } from './link.ts';
import type { LinkEffect } from './network.ts';
import { worldSpec } from './testing.ts';
import { World } from './world.ts';

const MS = 1000;
let kernel: Kernel;
let world: World;
let connection: Connection;
let link: Link;
let arrived: { number: number; atMs: number }[];
let told: string[];
let number: number;

beforeEach(() => {
  kernel = new Kernel(1);
  kernel.trace.begin();
  world = new World(kernel, worldSpec({ a: 'r/d/a', b: 'r/d/b' }));
  arrived = [];
  told = [];
  number = 0;
  link = new Link(
    world,
    0,
    1,
    kernel.stream('a>b', (n: number) => arrived.push({ number: n, atMs: kernel.nowUs / MS })),
  );
  connection = new Connection(
    world,
    {
      opened: () => told.push(`open ${kernel.nowUs / MS}`),
      closed: (_c, end) => told.push(`end ${end} closed ${kernel.nowUs / MS}`),
    },
    {
      giveUpAtUs: (lastReadUs) => lastReadUs + 5 * SECOND,
      dial: { firstUs: 100 * MS, factor: 1, maxUs: 100 * MS, timeoutUs: 2 * SECOND },
    },
    'a=b',
    [0, 1],
  );
  world.listen({
    networkChanged: (cause) => connection.networkChanged(cause),
    nodeDown: (node, silent, cause) => connection.processDown(node.index as 0 | 1, silent, cause),
    nodeUp: (node, cause) => connection.processUp(node.index as 0 | 1, cause),
  });
});

const send = () => connection.send(0, link, number++, undefined, 100);
const at = (ms: number) => kernel.runUntil(ms * MS);
const cutFor = (fromMs: number, toMs: number) => {
  const effect: LinkEffect = {
    cause: 0,
    from: new Set([0]),
    to: new Set([1]),
    cut: true,
    loss: 0,
    multiply: 1,
    addUs: 0,
    jitterUs: 0,
    bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
    felt: 0,
  };
  at(fromMs);
  world.addEffect(effect);
  return () => {
    at(toMs);
    world.removeEffect(effect, 0);
  };
};

describe('a connection', () => {
  test('delivers in order, one latency later', () => {
    send();
    send();
    at(10);
    expect(arrived.map((one) => one.number)).toEqual([0, 1]);
    expect(arrived[0]!.atMs).toBe(0.5);
  });

  test('holds messages during a short cut and delivers them at the next resend, not at the heal', () => {
    const heal = cutFor(1000, 1500);
    send();
    expect(connection.flows(0)).toBe(false);
    heal();
    at(3000);
    // Resends at 200, 600 ms after the first try: the heal at 500 ms is felt at 600.
    expect(arrived).toEqual([{ number: 0, atMs: 1600.5 }]);
    expect(told).toEqual([]);
    expect(connection.flows(0)).toBe(true);
  });

  test('a one-way cut stalls the other direction too: its acknowledgements are lost', () => {
    cutFor(1000, 2000);
    expect(connection.flows(1)).toBe(false);
  });

  test("is given up after the policy's silence, loses what waited, and is dialled until a heal", () => {
    const heal = cutFor(1000, 20_000);
    send();
    at(5999);
    expect(told).toEqual([]);
    at(6001);
    expect(told).toEqual(['end 0 closed 6000', 'end 1 closed 6000']);
    expect(send()).toBe(false);
    heal();
    at(30_000);
    // Attempts of 2 s and pauses of 100 ms since 6000 ms, SYNs at 0 and 1 s of each: the next at 20 700.
    expect(told.at(-1)).toBe('open 20701');
    expect(arrived).toEqual([]);
  });

  test("closes one latency after the peer's process was killed, and opens when it is back", () => {
    at(1000);
    const hold = { kind: 'process', cause: 0, fsyncUs: constant(0), driftPpm: 0 } as const;
    world.addHold(world.node('b'), hold);
    at(1001);
    expect(told).toEqual(['end 0 closed 1000.5']);
    world.removeHold(world.node('b'), hold, 0);
    at(1010);
    expect(told.at(-1)).toBe('open 1002');
  });

  test('does not notice a machine that went dark until it gives up', () => {
    at(1000);
    world.addHold(world.node('b'), { kind: 'power', cause: 0, fsyncUs: null, driftPpm: 0 });
    at(5999);
    expect([told, connection.isOpen(0), connection.flows(0)]).toEqual([[], true, false]);
    at(6001);
    expect(told).toEqual(['end 0 closed 6000']);
  });

  test('to a frozen process is given up, which that process learns when it goes on', () => {
    at(1000);
    connection.processFrozen(1, 0);
    send();
    at(5999);
    expect([told, connection.silentSinceUs(0)]).toEqual([[], 1_000_000]);
    at(6001);
    expect(told).toEqual(['end 0 closed 6000']);
    expect(arrived.length).toBe(1);
    at(9000);
    connection.processThawed(1, 0);
    at(9010);
    expect(told).toEqual(['end 0 closed 6000', 'end 1 closed 9000', 'open 9001']);
  });

  test('to a process that goes on in time lives', () => {
    at(1000);
    connection.processFrozen(1, 0);
    at(5000);
    connection.processThawed(1, 0);
    at(60_000);
    expect([told, connection.silentSinceUs(0)]).toEqual([[], -1]);
  });

  test('that one end abandons closes at the other one latency later, and is dialled again', () => {
    at(1000);
    connection.abandon(0, 0);
    at(1010);
    expect(told).toEqual(['end 0 closed 1000', 'end 1 closed 1000.5', 'open 1001']);
  });
});
