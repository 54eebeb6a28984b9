import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from './queue.ts';

/** The dumb queue: a list, sorted anew for each question. */
class SortedList {
  #events: { timeUs: number; stream: number; number: number; payload: unknown }[] = [];
  push(timeUs: number, stream: number, number: number, payload: unknown) {
    const event = { timeUs, stream, number, payload };
    this.#events.push(event);
    return event;
  }
  pop() {
    this.#events.sort((a, b) => a.timeUs - b.timeUs || a.stream - b.stream || a.number - b.number);
    return this.#events.shift();
  }
  cancel(event: object) {
    const at = this.#events.indexOf(event as never);
    if (at >= 0) this.#events.splice(at, 1);
    return at >= 0;
  }
  get size() {
    return this.#events.length;
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('push' as const), inUs: fc.nat(20), stream: fc.nat(4) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('peek' as const) }) },
);

test('gives events in the order (time, stream, number), like a list that is sorted anew each time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const queue = new EventQueue();
      const list = new SortedList();
      const ids: { id: number; event: object }[] = [];
      let nowUs = 0;
      let number = 0;
      for (const one of steps) {
        if (one.kind === 'push') {
          number++;
          const payload = { number };
          const id = queue.push(nowUs + one.inUs, one.stream, number, payload);
          ids.push({ id, event: list.push(nowUs + one.inUs, one.stream, number, payload) });
        } else if (one.kind === 'cancel') {
          const chosen = ids[one.which % Math.max(ids.length, 1)];
          if (chosen !== undefined) expect(queue.cancel(chosen.id)).toBe(list.cancel(chosen.event));
        } else if (one.kind === 'pop') {
          const expected = list.pop();
          expect(queue.pop()).toBe(expected !== undefined);
          if (expected === undefined) continue;
          expect([queue.timeUs, queue.stream, queue.number, queue.payload]).toEqual([
            expected.timeUs,
            expected.stream,
            expected.number,
            expected.payload,
          ]);
          nowUs = queue.timeUs;
        } else {
          queue.peekTimeUs();
        }
        expect(queue.size).toBe(list.size);
      }
    }),
    { numRuns: 500 },
  );
});

test('the order in which simultaneous events were added does not matter', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(9)), { selector: String, maxLength: 30 }),
      (events) => {
        const order = (list: typeof events) => {
          const queue = new EventQueue();
          for (const [stream, number] of list) queue.push(7, stream, number, undefined);
          const out: string[] = [];
          while (queue.pop()) out.push(`${queue.stream}#${queue.number}`);
          return out;
        };
        expect(order(events)).toEqual(order([...events].reverse()));
      },
    ),
  );
});

test('an id does not cancel a later event that uses the same slot', () => {
  const queue = new EventQueue();
  const first = queue.push(1, 0, 0, 'first');
  queue.pop();
  queue.push(2, 0, 1, 'second');
  expect(queue.cancel(first)).toBe(false);
  expect(queue.pop()).toBe(true);
  expect(queue.payload).toBe('second');
});

test('grows past its first capacity', () => {
  const queue = new EventQueue();
  for (let i = 0; i < 5000; i++) queue.push((i * 7919) % 5000, 0, i, i);
  let last = -1;
  for (let i = 0; i < 5000; i++) {
    expect(queue.pop()).toBe(true);
    expect(queue.timeUs).toBeGreaterThan(last);
    last = queue.timeUs;
  }
  expect(queue.pop()).toBe(false);
});
