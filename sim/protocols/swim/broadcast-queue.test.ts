import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BroadcastQueue } from './broadcast-queue.ts';
import { Records } from './records.ts';
import { Shelf } from './shelf.ts';

interface Item {
  readonly name: string;
  readonly bytes: number;
  shelf: number;
}

const item = (name: string, bytes = 35): Item => ({ name, bytes, shelf: -1 });
const names = (items: readonly Item[] | null) => items?.map(({ name }) => name) ?? [];
const queue = (shelf = new Shelf<Item>()) => new BroadcastQueue<Item>(shelf, new Records(0, null));

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
  expect(q.take(2, 1400, 4)).toBeNull();
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

test('it is the plain queue, only faster', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 20 }), long: fc.boolean() }),
    fc.record({ limit: fc.integer({ min: 30, max: 400 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 8 }), (steps, transmits) => {
      const fast = queue();
      const plain = new PlainQueue();
      steps.forEach((one, i) => {
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
    { numRuns: 300, seed: 4 },
  );
});
