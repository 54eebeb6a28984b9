/**
 * Named random streams. A stream is one entity and purpose ("etcd/m1/election-timeout"): its name and the run's seed
 * give its key through seedrandom; key + number gives a draw. Adding an entity changes no other entity's draws.
 */
import seedrandom from 'seedrandom';
import { unitDraw } from './counter-generator.ts';

/** A seed is a string or a number; 0 is a seed like any other, and 1 and '1' are the same seed. */
export type Seed = string | number;

export const DEFAULT_SEED: Seed = 1;

/** What a draw is for, when one number of a stream needs several independent draws. */
export const LANES_MAX = 1024;

const TWO_32 = 4_294_967_296;
const TWO_21 = 2_097_152;

export class RandomStream {
  readonly name: string;
  readonly #seed: Seed;
  /** Many streams never draw: the key is made at the first draw. */
  #keyed = false;
  #key0 = 0;
  #key1 = 0;

  constructor(seed: Seed, name: string) {
    this.name = name;
    this.#seed = seed;
  }

  #makeKey(): void {
    // Alea on the string form; the length keeps "1" + "2/x" apart from "12" + "/x".
    const seedText = String(this.#seed);
    const generator = seedrandom.alea(`${seedText.length}:${seedText}/${this.name}`);
    this.#key0 = generator.int32();
    this.#key1 = generator.int32();
    this.#keyed = true;
  }

  /** Uniform in [0, 1) with 53 bits, for number >= 0 (an integer below 2^53) and lane in [0, 1024). */
  uniform(number: number, lane = 0): number {
    if (!this.#keyed) this.#makeKey();
    const high = number < TWO_32 ? 0 : Math.floor(number / TWO_32);
    return unitDraw(this.#key0, this.#key1, number | 0, (high + lane * TWO_21) | 0);
  }

  /** Uniform integer in [0, spread). */
  integer(number: number, spread: number, lane = 0): number {
    return Math.floor(this.uniform(number, lane) * spread);
  }
}
