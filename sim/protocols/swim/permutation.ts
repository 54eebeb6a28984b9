/**
 * Permutations of 0 .. size-1 that a key (round of a stream) determines: any place of any round can be had without the
 * rounds before it.
 */

/** A uniform draw in [0, 1) for a number and a lane: a stream of the kernel is one. */
export interface Dice {
  uniform(number: number, lane?: number): number;
}

/** Up to here a shuffled table is kept: exactly uniform. Above, four bytes for each pair of nodes would be too many. */
const TABLE_MAX = 512;
const PLACES_OF_DRAW = 3;
const ROUNDS = 6;
const ROUND_SPAN = 65_536;

export class KeyedPermutation {
  readonly size: number;
  readonly #dice: Dice;
  #round = -1;
  #table: Uint16Array | null = null;
  readonly #left: number;
  readonly #right: number;

  constructor(dice: Dice, size: number) {
    this.#dice = dice;
    this.size = size;
    this.#left = Math.max(1, Math.ceil(Math.sqrt(size)));
    this.#right = Math.max(1, Math.ceil(size / this.#left));
  }

  /** The whole round in order; null where none is kept. */
  table(round: number): Uint16Array | null {
    if (this.size > TABLE_MAX) return null;
    if (round !== this.#round) this.#shuffle(round);
    return this.#table;
  }

  /** What stands at `place` in this round. */
  at(round: number, place: number): number {
    if (this.size > TABLE_MAX) return this.#scatter(round, place);
    if (round !== this.#round) this.#shuffle(round);
    return this.#table![place]!;
  }

  /** Fisher-Yates; a draw of 53 bits is enough for three places, within 2^-26 of uniform. */
  #shuffle(round: number): void {
    const table = (this.#table ??= new Uint16Array(this.size));
    for (let i = 0; i < this.size; i++) table[i] = i;
    let u = 0;
    for (let i = this.size - 1, k = 0; i > 0; i--, k++) {
      if (k % PLACES_OF_DRAW === 0) u = this.#dice.uniform(round * ROUND_SPAN + i);
      u *= i + 1;
      const j = Math.floor(u);
      u -= j;
      const kept = table[i]!;
      table[i] = table[j]!;
      table[j] = kept;
    }
    this.#round = round;
  }

  /** A Feistel network on a left x right rectangle just larger than the size; what falls outside is sent round again. */
  #scatter(round: number, place: number): number {
    const key = round * ROUND_SPAN;
    let value = place;
    do {
      let left = value % this.#left;
      let right = Math.floor(value / this.#left);
      for (let i = 0; i < ROUNDS; i += 2) {
        left = (left + Math.floor(this.#dice.uniform(key + right, i) * this.#left)) % this.#left;
        right = (right + Math.floor(this.#dice.uniform(key + left, i + 1) * this.#right)) % this.#right;
      }
      value = right * this.#left + left;
    } while (value >= this.size);
    return value;
  }
}
