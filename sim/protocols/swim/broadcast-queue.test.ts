import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BroadcastQueue, type Contents } from './broadcast-queue.ts';
import { ContentBlocks } from './content-blocks.ts';
import { SparseKeys } from './queue-contents.ts';
import { Shelf } from './shelf.ts';

interface Item {
  readonly name: string;
  readonly bytes: number;
  shelf: number;
}

const taken = new Int32Array(400);
const item = (name: string, bytes = 35): Item => ({ name, bytes, shelf: -1 });
const names = (items: readonly Item[]) => items.map(({ name }) => name);

/** A queue of items on a shelf. */
class Items {
  readonly #shelf: Shelf<Item>;
  readonly #queue: BroadcastQueue;

  constructor(shelf = new Shelf<Item>()) {
    this.#shelf = shelf;
    this.#queue = new BroadcastQueue(shelf, new SparseKeys(), new ContentBlocks());
  }

  get count(): number {
    return this.#queue.count;
  }

  add(key: number, added: Item): void {
    this.#queue.add(key, 0, this.#shelf.put(added), added.bytes);
  }

  get(key: number): Item | undefined {
    const content = this.#queue.get(key);
    return content === null ? undefined : this.#shelf.item(content[1]);
  }

  take(overhead: number, limit: number, transmitLimit: number): Item[] {
    const count = this.#queue.take(taken, overhead, limit, transmitLimit);
    const items = Array.from({ length: count }, (_, i) => this.#shelf.item(taken[2 * i + 1]!));
    const used = items.reduce((sum, { bytes }) => sum + overhead + bytes, 0);
    expect(this.#queue.freeBytes).toBe(limit - used);
    return items;
  }

  clear(): void {
    this.#queue.clear();
  }
}

const queue = (shelf?: Shelf<Item>) => new Items(shelf);

test('what was sent least often goes first, of those the newest (memberlist queue_test.go)', () => {
  const q = queue();
  q.add(1, item('a'));
  q.add(2, item('b'));
  expect(names(q.take(2, 40, 10))).toEqual(['b']);
  expect(names(q.take(2, 40, 10))).toEqual(['a']);
  q.add(3, item('c'));
  expect(names(q.take(2, 80, 10))).toEqual(['c', 'b']);
  expect(names(q.take(2, 80, 10))).toEqual(['c', 'a']);
});

test('long ones go before short ones that were sent as often', () => {
  const q = queue();
  q.add(1, item('alive', 74));
  q.add(2, item('suspect'));
  expect(names(q.take(2, 200, 10))).toEqual(['alive', 'suspect']);
});

test('one that does not fit lets a shorter one by', () => {
  const q = queue();
  q.add(1, item('suspect'));
  q.add(2, item('alive', 74));
  expect(names(q.take(2, 60, 10))).toEqual(['suspect']);
  expect(names(q.take(2, 30, 10))).toEqual([]);
});

test('each is sent so often and no more', () => {
  const q = queue();
  q.add(1, item('a'));
  for (let i = 0; i < 4; i++) expect(names(q.take(2, 1400, 4))).toEqual(['a']);
  expect(q.take(2, 1400, 4)).toEqual([]);
  expect(q.count).toBe(0);
});

test('a new one under a key takes the place of the old one and starts anew', () => {
  const q = queue();
  q.add(1, item('suspect'));
  q.take(2, 1400, 4);
  q.add(1, item('alive', 74));
  expect(q.count).toBe(1);
  expect(q.get(1)?.name).toBe('alive');
  for (let i = 0; i < 4; i++) expect(names(q.take(2, 1400, 4))).toEqual(['alive']);
  expect(q.get(1)).toBeUndefined();
});

test('nothing is taken twice into one packet', () => {
  const q = queue();
  for (let key = 0; key < 10; key++) q.add(key, item(String(key)));
  expect(new Set(names(q.take(2, 1400, 10))).size).toBe(10);
});

test('queues of a cluster share a shelf, which forgets what nobody holds any more', () => {
  const shelf = new Shelf<Item>();
  const one = queue(shelf);
  const two = queue(shelf);
  const shared = item('a');
  one.add(1, shared);
  two.add(7, shared);
  one.clear();
  expect(names(two.take(2, 1400, 1))).toEqual(['a']);
  two.add(7, shared);
  expect(two.get(7)).toBe(shared);
});

/** The same, written plainly: sorts everything each time. */
class PlainQueue {
  #waiting: { key: number; item: Item; sent: number; age: number }[] = [];
  #age = 0;
  add(key: number, added: Item): void {
    this.#waiting = this.#waiting.filter((one) => one.key !== key);
    this.#waiting.push({ key, item: added, sent: 0, age: this.#age++ });
  }
  take(overhead: number, limit: number, transmitLimit: number): Item[] {
    const long = (one: { item: Item }) => (one.item.bytes >= 64 ? 0 : 1);
    this.#waiting.sort((a, b) => a.sent - b.sent || long(a) - long(b) || b.age - a.age);
    let free = limit - overhead;
    const taken = this.#waiting.filter((one) => {
      if (one.item.bytes > free) return false;
      free -= overhead + one.item.bytes;
      return true;
    });
    for (const one of taken) one.sent++;
    this.#waiting = this.#waiting.filter((one) => one.sent < transmitLimit);
    return taken.map((one) => one.item);
  }
}

test.each([
  { keys: 20, steps: 120, runs: 300 },
  { keys: 150, steps: 500, runs: 60 },
  { keys: 30, steps: 2000, runs: 15 },
])('it is the plain queue, only faster: $keys keys', ({ keys, steps, runs }) => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.integer({ min: 0, max: keys }), long: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ limit: fc.integer({ min: 30, max: 20 * keys }) }) },
  );
  const lives = fc.array(step, { maxLength: steps, size: 'max' });
  fc.assert(
    fc.property(lives, fc.integer({ min: 1, max: 8 }), (life, transmits) => {
      const fast = queue();
      const plain = new PlainQueue();
      life.forEach((one, i) => {
        if ('limit' in one) {
          expect(names(fast.take(2, one.limit, transmits))).toEqual(
            names(plain.take(2, one.limit, transmits)),
          );
        } else {
          const added = item(String(i), one.long ? 74 : 35);
          fast.add(one.add, added);
          plain.add(one.add, added);
        }
      });
    }),
    { numRuns: runs, seed: 4 },
  );
});

test('a queue that is never empty goes on counting', () => {
  const plain: Contents = {
    counted: false,
    bytes: (first) => ((first & 0xffff) < 9 ? 300 : 35),
    release: () => {},
  };
  const q = new BroadcastQueue(plain, new SparseKeys(), new ContentBlocks());
  for (let key = 0; key < 9; key++) q.add(key, 7, key, 300);
  for (let i = 0; i < 5000; i++) q.add(9 + (i % 3), 7, i, 35);
  expect(q.count).toBe(12);
  expect(q.take(taken, 2, 1400, 60)).toBe(7);
  const found = Array.from({ length: 7 }, (_, i) => [
    taken[2 * i]! & 0xffff,
    taken[2 * i]! >>> 16,
    taken[2 * i + 1]!,
  ]);
  expect(found).toEqual([
    [8, 7, 8],
    [7, 7, 7],
    [6, 7, 6],
    [5, 7, 5],
    [10, 7, 4999],
    [9, 7, 4998],
    [11, 7, 4997],
  ]);
});
