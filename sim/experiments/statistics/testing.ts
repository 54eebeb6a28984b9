/** Made-up runs for tests of coverage: outages come as a Poisson process, their lengths from a distribution. */
import type { Distribution } from '../../kernel/distribution.ts';
import { quantile } from '../../kernel/distribution.ts';
import { log } from '../../kernel/portable-math.ts';
import { RandomStream } from '../../kernel/streams.ts';

export class Luck {
  readonly #stream: RandomStream;
  #number = 0;

  constructor(name: string) {
    this.#stream = new RandomStream('statistics', name);
  }

  uniform(): number {
    return this.#stream.uniform(this.#number++);
  }

  poisson(mean: number): number {
    let count = 0;
    let left = mean + log(1 - this.uniform());
    while (left >= 0) {
      count++;
      left += log(1 - this.uniform());
    }
    return count;
  }

  draw(distribution: Distribution): number {
    return quantile(distribution, this.uniform());
  }

  /** Downtime of each of n runs, in which so many outages are expected. */
  downtimes(n: number, outagesARun: number, length: Distribution): number[] {
    return Array.from({ length: n }, () => {
      let total = 0;
      for (let left = this.poisson(outagesARun); left > 0; left--) total += this.draw(length);
      return total;
    });
  }
}

export interface Coverage {
  /** Shares of trials in which the truth lay inside, below and above the interval. */
  readonly inside: number;
  readonly below: number;
  readonly above: number;
}

export function coverageOf(
  trials: number,
  truth: number,
  trial: () => { readonly lower: number; readonly upper: number },
): Coverage {
  let below = 0;
  let above = 0;
  for (let i = 0; i < trials; i++) {
    const { lower, upper } = trial();
    if (truth < lower) below++;
    else if (truth > upper) above++;
  }
  return { inside: 1 - (below + above) / trials, below: below / trials, above: above / trials };
}
