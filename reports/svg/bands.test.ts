import { describe, expect, it } from 'vitest';
import { type Band, simplified } from './bands.ts';
import type { Look } from './theme.ts';

function band(x0: number, x1: number, look: Look): Band {
  return { x0, x1, look, letter: '', labels: [] };
}

describe('bands made few', () => {
  it('joins equal neighbours', () => {
    expect(simplified([band(0, 10, 'fine'), band(10, 20, 'fine'), band(20, 30, 'fail')])).toEqual([
      band(0, 20, 'fine'),
      band(20, 30, 'fail'),
    ]);
  });

  it('leaves the gaps of a lane that has some', () => {
    const apart = [band(0, 10, 'gone'), band(50, 60, 'gone'), band(90, 90.2, 'gone')];
    expect(simplified(apart).map((each) => Math.round(each.x0))).toEqual([0, 50, 89]);
  });

  it('never lets an outage vanish: a sliver of it is widened until it shows', () => {
    const [, fail] = simplified([
      band(0, 100, 'fine'),
      band(100, 100.001, 'fail'),
      band(100.001, 200, 'fine'),
    ]);
    expect(fail!.look).toBe('fail');
    expect(fail!.x1 - fail!.x0).toBeCloseTo(2.4);
  });

  it('merges slivers, and the gravest state wins', () => {
    const slivers = Array.from({ length: 1_000 }, (_, i) =>
      band(i / 100, (i + 1) / 100, i === 555 ? 'fail' : i % 2 === 0 ? 'fine' : 'lead'),
    );
    const merged = simplified(slivers);
    expect(merged.length).toBeLessThanOrEqual(11);
    expect(merged.filter((each) => each.look === 'fail')).toHaveLength(1);
  });

  it('covers what it was given', () => {
    const merged = simplified([band(0, 0.3, 'fine'), band(0.3, 0.6, 'lead'), band(0.6, 50, 'fine')]);
    expect(merged[0]!.x0).toBe(0);
    expect(merged.at(-1)!.x1).toBe(50);
  });
});
