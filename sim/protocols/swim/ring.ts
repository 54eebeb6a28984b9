/**
 * The probe ring (memberlist state.go, probe and resetNodes): all others in random order, shuffled anew at each wrap. A
 * member that appears in between changes places with one at a random offset, which moves to the end. Any place of any
 * round is known without those before it, so stretches of it can be skipped.
 */
import { type Dice, KeyedPermutation } from './permutation.ts';

const START_NUMBER = 1;
const START_LANE = 900;
const OFFSET_LANE = 901;
const OFFSET_LANES = 100;
/** Members that `before` looks at. */
const AHEAD_MAX = 64;

/** Who was met on a way along a ring: all that were eligible so many times, and these besides. */
export interface Met {
  rounds: number;
  /** The first `count` of `members`, which has room for twice the members of the ring. */
  count: number;
  readonly members: Int32Array;
}

export class ProbeRing {
  readonly #self: number;
  readonly #order: KeyedPermutation;
  readonly #dice: Dice;
  #round: number;
  #place: number;
  #inserts = 0;
  /** In this round: places taken over by newcomers, members moved to the end, newcomers' own places to be passed over. */
  readonly #replaced = new Map<number, number>();
  readonly #tail: number[] = [];
  readonly #newcomers = new Set<number>();

  readonly #shuffles: boolean;

  /**
   * A ring of `size` members, self included, somewhere in its round. Rounds begin at `round`: they never come again.
   * `shuffles`: each is in another order.
   */
  constructor(dice: Dice, self: number, size: number, round: number, shuffles = true) {
    this.#self = self;
    this.#shuffles = shuffles;
    this.#dice = dice;
    this.#order = new KeyedPermutation(dice, Math.max(0, size - 1));
    this.#round = round;
    this.#place = Math.floor(dice.uniform(START_NUMBER + round, START_LANE) * (size - 1));
  }

  get round(): number {
    return this.#round;
  }

  /** The next member that may be probed, -1 when there is none; `wrapped` is called before each new round. */
  next(mayProbe: (member: number) => boolean, wrapped: () => void): number {
    for (let wraps = 0; ; ) {
      if (this.#place >= this.#order.size + this.#tail.length) {
        if (++wraps > 1) return -1;
        this.#wrap();
        wrapped();
        continue;
      }
      const member = this.#memberAt(this.#place++);
      if (member >= 0 && mayProbe(member)) return member;
    }
  }

  /**
   * How many times `next` can be asked before it comes to a member that is `special`, or to the end of the round, or has
   * gone so far that looking further would cost more than it saves.
   */
  before(mayProbe: (member: number) => boolean, special: (member: number) => boolean): number {
    const end = this.#order.size + this.#tail.length;
    const table = this.#newcomers.size === 0 ? this.#order.table(this.#orderNow) : null;
    let count = 0;
    for (let place = this.#place; place < end && count < AHEAD_MAX; place++) {
      let member: number;
      if (table === null) member = this.#memberAt(place);
      else member = table[place]! >= this.#self ? table[place]! + 1 : table[place]!;
      if (member < 0 || !mayProbe(member)) continue;
      if (special(member)) break;
      count++;
    }
    return count;
  }

  /**
   * The same as asking `next` so many times, when the same `listed` members, at least one, have been eligible all the while
   * (1 in `eligible`). Who was met is added to `met`.
   */
  skip(count: number, listed: number, eligible: Uint8Array, met: Met): void {
    let left = count;
    if (!this.#shuffles) {
      // What a round is cut into at its ends makes whole ones.
      const whole = Math.max(0, Math.ceil(count / listed) - 1);
      met.rounds += whole;
      this.#round += whole;
      left -= whole * listed;
    }
    left = this.#walk(left, eligible, met);
    if (left === 0) return;
    const whole = Math.ceil(left / listed) - 1;
    this.#wrap();
    this.#round += whole;
    met.rounds += whole;
    left = this.#walk(left - whole * listed, eligible, met);
  }

  /** Goes on in this round until so many have been met; how many are still to be met at its end. */
  #walk(count: number, eligible: Uint8Array, met: Met): number {
    if (this.#tail.length === 0 && this.#newcomers.size === 0) {
      const table = this.#order.table(this.#orderNow);
      if (table !== null) return this.#walkTable(table, count, eligible, met);
    }
    const end = this.#order.size + this.#tail.length;
    let left = count;
    while (left > 0 && this.#place < end) {
      const member = this.#memberAt(this.#place++);
      if (member < 0 || eligible[member] === 0) continue;
      met.members[met.count++] = member;
      left--;
    }
    return left;
  }

  /** The same in a round that nobody has joined. */
  #walkTable(table: Uint16Array, count: number, eligible: Uint8Array, met: Met): number {
    const { members } = met;
    let found = met.count;
    const self = this.#self;
    const end = this.#order.size;
    let place = this.#place;
    let left = count;
    while (left > 0 && place < end) {
      const other = table[place++]!;
      const member = other >= self ? other + 1 : other;
      if (eligible[member] === 0) continue;
      members[found++] = member;
      left--;
    }
    met.count = found;
    this.#place = place;
    return left;
  }

  /** A member appears; `isListed` tells who is in the ring besides. */
  insert(member: number, isListed: (member: number) => boolean): void {
    this.#newcomers.add(member);
    const length = this.#order.size + this.#tail.length;
    const number = this.#inserts++;
    for (let lane = 0; lane < OFFSET_LANES; lane++) {
      const place = Math.floor(this.#dice.uniform(number, OFFSET_LANE + lane) * length);
      const moved = this.#memberAt(place);
      if (moved < 0 || moved === member || !isListed(moved)) continue;
      this.#tail.push(moved);
      this.#put(place, member);
      return;
    }
    this.#tail.push(member);
  }

  get #orderNow(): number {
    return this.#shuffles ? this.#round : 0;
  }

  #wrap(): void {
    this.#round++;
    this.#place = 0;
    if (this.#newcomers.size === 0) return;
    this.#replaced.clear();
    this.#tail.length = 0;
    this.#newcomers.clear();
  }

  #put(place: number, member: number): void {
    if (place < this.#order.size) this.#replaced.set(place, member);
    else this.#tail[place - this.#order.size] = member;
  }

  /** -1 for a place whose member stands elsewhere in this round. */
  #memberAt(place: number): number {
    if (place >= this.#order.size) return this.#tail[place - this.#order.size]!;
    const replaced = this.#replaced.size > 0 ? this.#replaced.get(place) : undefined;
    if (replaced !== undefined) return replaced;
    const other = this.#order.at(this.#orderNow, place);
    const member = other >= this.#self ? other + 1 : other;
    return this.#newcomers.size > 0 && this.#newcomers.has(member) ? -1 : member;
  }
}
