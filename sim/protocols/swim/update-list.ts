/** The updates in one datagram, as numbers: two words each. Lists are used again when their datagram has been handled. */
import {
  incarnationOf,
  kindOf,
  type Packet,
  UPDATE_KINDS,
  type Update,
  type UpdateKind,
  updateWord,
} from './message.ts';

const SUBJECT_MASK = 0xffff;
const FROM_SHIFT = 16;
/** What a datagram of 1400 bytes holds, and more. */
const INITIAL_CAPACITY = 64;

export class UpdateList {
  count = 0;
  #words = new Int32Array(2 * INITIAL_CAPACITY);

  static of(updates: readonly Update[]): UpdateList {
    const list = new UpdateList();
    for (const { kind, subject, incarnation, from } of updates)
      list.add(UPDATE_KINDS[kind], subject, incarnation, from);
    return list;
  }

  add(kind: UpdateKind, subject: number, incarnation: number, from: number): void {
    this.addWords(subject | (from << FROM_SHIFT), updateWord(kind, incarnation));
  }

  /** The same, put together. */
  addWords(subjectAndFrom: number, update: number): void {
    const at = 2 * this.count++;
    if (at === this.#words.length) this.#grow();
    this.#words[at] = subjectAndFrom;
    this.#words[at + 1] = update;
  }

  subject(i: number): number {
    return this.#words[2 * i]! & SUBJECT_MASK;
  }

  from(i: number): number {
    return this.#words[2 * i]! >>> FROM_SHIFT;
  }

  kind(i: number): UpdateKind {
    return kindOf(this.#words[2 * i + 1]!);
  }

  incarnation(i: number): number {
    return incarnationOf(this.#words[2 * i + 1]!);
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

  #grow(): void {
    const larger = new Int32Array(2 * this.#words.length);
    larger.set(this.#words);
    this.#words = larger;
  }
}

/** Lists that are free to be used again. One that is not given back is only lost to the pool. */
export class UpdateLists {
  readonly #free: UpdateList[] = [];

  take(): UpdateList {
    const list = this.#free.pop();
    if (list === undefined) return new UpdateList();
    list.count = 0;
    return list;
  }

  /** A datagram has been handled, or lost. */
  giveBack({ updates }: Pick<Packet, 'updates'>): void {
    if (updates !== null) this.#free.push(updates);
  }
}
