/**
 * Rare events among numbered things, of which mostly the number is asked: "how many of a thousand million messages were
 * irregular?". Each is irregular with probability p, independently. Numbers fall into blocks with a few irregular ones
 * each; how many a block holds is one draw from the binomial distribution, and which they are is drawn when someone
 * asks. Whether number n is irregular under p follows from (stream, p, n) alone, whatever was asked before.
 */
import { exp, log1p } from './portable-math.ts';
import type { RandomStream } from './streams.ts';

/** The lanes of a stream that counts and places are drawn from. */
const COUNT_LANE = 1022;
const PLACE_LANE = 1021;

/** Few: a block costs a draw to count, and as many more to look into. */
const PER_BLOCK = 4;
const BLOCK_MIN = 16;
const BLOCK_MAX = 1_099_511_627_776;

/** Which numbers of one block are irregular, ascending. */
interface Block {
  start: number;
  readonly places: number[];
}

export class CountedGaps {
  readonly #stream: RandomStream;
  #probability = 0;
  #size = BLOCK_MIN;
  /** The share of blocks with so many irregular numbers, or fewer. */
  #atMost: number[] = [];
  /** The blocks that were looked into last. */
  #last: Block = { start: -1, places: [] };
  #before: Block = { start: -1, places: [] };

  constructor(stream: RandomStream) {
    this.#stream = stream;
  }

  get probability(): number {
    return this.#probability;
  }

  setProbability(probability: number): void {
    if (probability === this.#probability) return;
    this.#probability = probability;
    this.#last.start = this.#before.start = -1;
    if (probability <= 0 || probability >= 1) return;
    this.#size = blockSize(probability);
    this.#atMost = binomial(this.#size, probability);
  }

  isIrregular(number: number): boolean {
    return this.#certain ?? this.#blockOf(number).places.includes(number);
  }

  /** The first irregular number at or after `number`; Infinity if none. */
  nextFrom(number: number): number {
    if (this.#certain !== null) return this.#certain ? number : Number.POSITIVE_INFINITY;
    for (let start = number - (number % this.#size); start <= Number.MAX_SAFE_INTEGER; start += this.#size) {
      if (this.#countOf(start) === 0) continue;
      for (const place of this.#blockOf(start).places) if (place >= number) return place;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** How many irregular numbers there are from `first` to `last`, both included. */
  count(first: number, last: number): number {
    if (last < first) return 0;
    if (this.#certain !== null) return this.#certain ? last - first + 1 : 0;
    const from = first - (first % this.#size);
    const to = last - (last % this.#size);
    let count = 0;
    for (let start = from + this.#size; start < to; start += this.#size) count += this.#countOf(start);
    for (const start of from === to ? [from] : [from, to])
      for (const place of this.#blockOf(start).places) if (place >= first && place <= last) count++;
    return count;
  }

  /** All, or none, are irregular; null: some. */
  get #certain(): boolean | null {
    if (this.#probability <= 0) return false;
    return this.#probability >= 1 ? true : null;
  }

  #countOf(start: number): number {
    const u = this.#stream.uniform(start, COUNT_LANE);
    const atMost = this.#atMost;
    let count = 0;
    while (count < atMost.length && u >= atMost[count]!) count++;
    return count;
  }

  #blockOf(number: number): Block {
    const start = number - (number % this.#size);
    if (this.#last.start === start) return this.#last;
    const block = this.#before;
    this.#before = this.#last;
    this.#last = block;
    if (block.start !== start) this.#fill(block, start);
    return block;
  }

  /**
   * Each set of so many places is as likely as any other (R. Floyd's sampling, Communications of the ACM 30(9), 1987): the
   * draws are as many as the places, and so are all of this block.
   */
  #fill(block: Block, start: number): void {
    const count = this.#countOf(start);
    const { places } = block;
    block.start = start;
    places.length = 0;
    for (let draw = 0; draw < count; draw++) {
      const highest = this.#size - count + draw;
      const place = start + this.#stream.integer(start + draw, highest + 1, PLACE_LANE);
      insert(places, places.includes(place) ? start + highest : place);
    }
  }
}

function insert(places: number[], place: number): void {
  let at = places.length;
  while (at > 0 && places[at - 1]! > place) at--;
  places.push(place);
  for (let i = places.length - 1; i > at; i--) places[i] = places[i - 1]!;
  places[at] = place;
}

function blockSize(probability: number): number {
  let size = BLOCK_MIN;
  while (size < BLOCK_MAX && size * probability < PER_BLOCK) size *= 2;
  return size;
}

/** Distribution function of the binomial: entry k is the probability of k or fewer; the last one left out is certain. */
function binomial(count: number, probability: number): number[] {
  const odds = probability / (1 - probability);
  let share = exp(count * log1p(-probability));
  let sum = share;
  const atMost: number[] = [];
  for (let k = 0; k < count && sum < 1 && atMost.at(-1) !== sum; k++) {
    atMost.push(sum);
    share *= ((count - k) / (k + 1)) * odds;
    sum += share;
  }
  return atMost;
}
