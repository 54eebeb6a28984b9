/** The updates in one datagram, as numbers: two words each. Lists are used again when their datagram has been handled. */
import {
  incarnationOf,
  kindOf,
  SUSPECT_BYTES,
  UPDATE_KINDS,
  type Update,
  type UpdateKind,
  updateWord,
} from './message.ts';

export const SUBJECT_MASK = 0xffff;
const FROM_SHIFT = 16;
/** What a datagram of 1400 bytes holds, and more. */
const INITIAL_CAPACITY = 64;

export class UpdateList {
  count = 0;
  /** Subject (low 16 bits) and who says so; kind and incarnation (updateWord). */
  words = new Int32Array(2 * INITIAL_CAPACITY);

  static of(updates: readonly Update[]): UpdateList {
    const list = new UpdateList();
    for (const { kind, subject, incarnation, from } of updates)
      list.add(UPDATE_KINDS[kind], subject, incarnation, from);
    return list;
  }

  add(kind: UpdateKind, subject: number, incarnation: number, from: number): void {
    this.ensure(this.count + 1);
    this.words[2 * this.count] = subject | (from << FROM_SHIFT);
    this.words[2 * this.count + 1] = updateWord(kind, incarnation);
    this.count++;
  }

  /** Makes room for so many. */
  ensure(count: number): void {
    if (2 * count <= this.words.length) return;
    const larger = new Int32Array(4 * count);
    larger.set(this.words);
    this.words = larger;
  }

  subject(i: number): number {
    return this.words[2 * i]! & SUBJECT_MASK;
  }

  from(i: number): number {
    return this.words[2 * i]! >>> FROM_SHIFT;
  }

  kind(i: number): UpdateKind {
    return kindOf(this.words[2 * i + 1]!);
  }

  incarnation(i: number): number {
    return incarnationOf(this.words[2 * i + 1]!);
  }

  /** As objects. */
  toArray(): Update[] {
    const names = Object.keys(UPDATE_KINDS) as (keyof typeof UPDATE_KINDS)[];
    return Array.from({ length: this.count }, (_, i) => ({
      kind: names.find((name) => UPDATE_KINDS[name] === this.kind(i))!,
      subject: this.subject(i),
      incarnation: this.incarnation(i),
      from: this.from(i),
    }));
  }
}

/** Lists that are free to be used again. One that is not given back is only lost to the pool. */
export class UpdateLists {
  readonly #free: UpdateList[] = [];

  /** An empty one that has room for what a datagram of so many bytes can hold. */
  take(bytes: number): UpdateList {
    const list = this.#free.pop() ?? new UpdateList();
    list.count = 0;
    list.ensure(Math.ceil(bytes / SUSPECT_BYTES));
    return list;
  }

  /** Its datagram has been handled, or lost. */
  giveBack(list: UpdateList | null): void {
    if (list !== null) this.#free.push(list);
  }
}
