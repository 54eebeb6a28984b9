import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from './streams.ts';

describe('a stream', () => {
  test('gives the same draws for ever: a change of these numbers breaks every published run', () => {
    const draws = (seed: string | number, name: string) =>
      [0, 1, 2, 4_294_967_296, 9_007_199_254_740_991].map((n) => new RandomStream(seed, name).uniform(n));
    expect([
      ...draws(1, 'etcd/m1/election-timeout'),
      ...draws(0, ''),
      ...draws('a', 'b'),
    ]).toMatchInlineSnapshot(`
      [
        0.043291367984628404,
        0.7854959177974512,
        0.5751374425789512,
        0.5586138467808593,
        0.8027253185597151,
        0.2993665679560844,
        0.7390462344086216,
        0.5878280814441135,
        0.13750455520694094,
        0.13523497001444196,
        0.804600295137071,
        0.6744830375365793,
        0.8278073183566272,
        0.4864992348374355,
        0.0067484484139931356,
      ]
    `);
  });

  test('takes 0 for a seed like any other, and 1 and "1" for the same', () => {
    const first = (seed: string | number) => new RandomStream(seed, 'x').uniform(0);
    expect(first(0)).not.toBe(first(1));
    expect(first(1)).toBe(first('1'));
    expect(first('')).not.toBe(first(0));
  });

  test('keeps seed and name apart', () => {
    expect(new RandomStream('1', '2/x').uniform(0)).not.toBe(new RandomStream('12', '/x').uniform(0));
  });

  test('can be asked for any draw, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { minLength: 1 }), fc.nat(1023), (numbers, lane) => {
        const stream = new RandomStream(7, 'order');
        const forward = numbers.map((n) => stream.uniform(n, lane));
        const backward = [...numbers].reverse().map((n) => new RandomStream(7, 'order').uniform(n, lane));
        expect(backward.reverse()).toEqual(forward);
        for (const u of forward) expect(u >= 0 && u < 1).toBe(true);
      }),
    );
  });

  test('is uniform and independent between numbers, lanes and streams (chi-square, 1e5 draws)', () => {
    const samples: ((n: number) => number)[] = [
      (n) => new RandomStream(1, 'a').uniform(n),
      (n) => new RandomStream(1, 'a').uniform(3, n % 1024),
      (n) => new RandomStream(n, 'a').uniform(0),
    ];
    for (const [which, sample] of samples.entries()) {
      const count = which === 1 ? 1024 : 20_000;
      const cells = new Array<number>(16 * 16).fill(0);
      for (let n = 0; n + 1 < count; n++) {
        cells[Math.floor(sample(n) * 16) * 16 + Math.floor(sample(n + 1) * 16)]!++;
      }
      const expected = (count - 1) / 256;
      const chi = cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
      // 255 degrees of freedom: 99.99 % of samples lie below 346.
      expect(chi).toBeLessThan(346);
    }
  });
});
