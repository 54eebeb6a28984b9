/**
 * The transmit-limited queue of broadcasts (memberlist queue.go): what was sent least often goes first, of those the
 * longest, of those the newest. A new broadcast under a key replaces the old one under it. One that has been sent as
 * often as the limit says leaves the queue.
 *
 * A binary heap of packed keys: transmits (6 bits), 2047 - bytes (11), newest first (20), key (16).
 */
const KEY_SPAN = 65_536;
const ORDER_SPAN = 1_048_576;
const LENGTH_SPAN = 2048;
const TIER = KEY_SPAN * ORDER_SPAN * LENGTH_SPAN;

interface Sized {
  readonly bytes: number;
}

export class BroadcastQueue<T extends Sized> {
  /** Broadcasts waiting. */
  count = 0;
  #items: (T | undefined)[] = [];
  /** By key: the packed place that counts; entries of the heap that differ are stale. */
  #current = new Float64Array(0);
  #heap = new Float64Array(8);
  #heapSize = 0;
  #newest = 0;
  /** No waiting broadcast is shorter. */
  #shortest = Number.POSITIVE_INFINITY;

  /** Queues a broadcast under a key (0 .. 65535), in place of the one waiting there. */
  add(key: number, item: T): void {
    if (item.bytes >= LENGTH_SPAN) throw new RangeError(`a broadcast of ${item.bytes} bytes`);
    if (key >= this.#current.length) this.#growTo(key);
    if (this.#items[key] === undefined) this.count++;
    this.#items[key] = item;
    if (item.bytes < this.#shortest) this.#shortest = item.bytes;
    if (++this.#newest >= ORDER_SPAN) this.#renumber();
    const packed =
      ((LENGTH_SPAN - 1 - item.bytes) * ORDER_SPAN + (ORDER_SPAN - 1 - this.#newest)) * KEY_SPAN + key;
    this.#current[key] = packed;
    this.#push(packed);
  }

  /** What waits under a key. */
  get(key: number): T | undefined {
    return this.#items[key];
  }

  remove(key: number): void {
    if (this.#items[key] === undefined) return;
    this.#items[key] = undefined;
    this.#current[key] = -1;
    if (--this.count === 0) this.#reset();
  }

  /** Takes what fits into `limit` bytes with `overhead` each, and counts it as sent once; null when nothing does. */
  take(overhead: number, limit: number, transmitLimit: number): T[] | null {
    if (this.count === 0) return null;
    let free = limit - overhead;
    let taken: T[] | null = null;
    const again: number[] = [];
    while (free >= this.#shortest && this.#heapSize > 0) {
      const packed = this.#pop();
      const key = packed - Math.floor(packed / KEY_SPAN) * KEY_SPAN;
      if (this.#current[key] !== packed) continue;
      const item = this.#items[key]!;
      if (item.bytes > free) {
        again.push(packed);
        continue;
      }
      (taken ??= []).push(item);
      free -= overhead + item.bytes;
      if (Math.floor(packed / TIER) + 1 >= transmitLimit) {
        this.#items[key] = undefined;
        this.#current[key] = -1;
        this.count--;
      } else {
        again.push(packed + TIER);
        this.#current[key] = packed + TIER;
      }
    }
    if (this.count === 0) this.#reset();
    else for (let i = 0; i < again.length; i++) this.#push(again[i]!);
    return taken;
  }

  #reset(): void {
    this.#heapSize = 0;
    this.#newest = 0;
    this.#shortest = Number.POSITIVE_INFINITY;
  }

  #push(packed: number): void {
    if (this.#heapSize === this.#heap.length) this.#makeRoom();
    const heap = this.#heap;
    let hole = this.#heapSize++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent]!;
      if (above <= packed) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = packed;
  }

  #pop(): number {
    const heap = this.#heap;
    const top = heap[0]!;
    const size = --this.#heapSize;
    const last = heap[size]!;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return top;
  }

  /** Drops stale entries; doubles the heap when that does not free half of it. */
  #makeRoom(): void {
    const kept: number[] = [];
    for (let key = 0; key < this.#current.length; key++)
      if (this.#current[key]! >= 0) kept.push(this.#current[key]!);
    // The entry being added may be among them already: it is pushed again by the caller.
    if (kept.length > this.#heap.length / 2) {
      const larger = new Float64Array(this.#heap.length + (this.#heap.length >> 1) + 8);
      larger.set(this.#heap);
      this.#heap = larger;
      return;
    }
    const pushed = this.#heap.slice(0, this.#heapSize);
    const present = new Set<number>(pushed);
    this.#heapSize = 0;
    for (const packed of kept) if (present.has(packed)) this.#push(packed);
  }

  /** Gives the waiting broadcasts new places in the same order. */
  #renumber(): void {
    const waiting: { key: number; packed: number }[] = [];
    for (let key = 0; key < this.#current.length; key++)
      if (this.#current[key]! >= 0) waiting.push({ key, packed: this.#current[key]! });
    const order = (packed: number) => Math.floor(packed / KEY_SPAN) % ORDER_SPAN;
    waiting.sort((a, b) => order(b.packed) - order(a.packed));
    this.#heapSize = 0;
    this.#newest = 0;
    for (const { key, packed } of waiting) {
      this.#newest++;
      const renewed =
        Math.floor(packed / (KEY_SPAN * ORDER_SPAN)) * (KEY_SPAN * ORDER_SPAN) +
        (ORDER_SPAN - 1 - this.#newest) * KEY_SPAN +
        key;
      this.#current[key] = renewed;
      this.#push(renewed);
    }
    this.#newest++;
  }

  #growTo(key: number): void {
    const from = this.#current.length;
    const size = key < 64 ? Math.max(8, 2 * (key + 1)) : key + 1 + Math.max(64, key >> 3);
    const larger = new Float64Array(size);
    larger.set(this.#current);
    larger.fill(-1, from);
    this.#current = larger;
    while (this.#items.length < size) this.#items.push(undefined);
  }
}
