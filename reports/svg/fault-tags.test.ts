import { describe, expect, it } from 'vitest';
import type { FaultReport } from '../../sim/run.ts';
import { placeTags } from './fault-tags.ts';

function fault(number: number, fromUs: number, toUs: number | null): FaultReport {
  return {
    number,
    index: 0,
    kind: 'kill',
    title: '',
    nodes: [],
    fromUs,
    toUs,
    event: number,
    hadEffect: true,
    note: '',
  };
}

const x = (us: number) => us;

describe('tags of faults', () => {
  it('share a row when they are apart, and have one each when they overlap', () => {
    const { tags, rows } = placeTags([fault(1, 300, 400), fault(2, 350, 360), fault(3, 500, null)], x);
    expect(tags.map((tag) => tag.row)).toEqual([0, 1, 0]);
    expect(rows).toBe(2);
    expect(tags[0]!.end).toBe(400);
  });

  it('two dozen crowd the axis in tags of their own', () => {
    const faults = Array.from({ length: 24 }, (_, i) => fault(i + 1, 300 + i * 12, null));
    const { tags, rows } = placeTags(faults, x);
    expect(rows).toBe(1);
    expect(tags.length).toBeLessThan(12);
    expect(tags[0]!.last).toBeGreaterThan(1);
  });

  it('are ranges in one row when there are too many, every fault in exactly one', () => {
    const many = Array.from({ length: 200 }, (_, i) => fault(i + 1, 278 + i * 4, null));
    const { tags, rows } = placeTags(many, x);
    expect(rows).toBe(1);
    expect(
      tags.flatMap((tag) => Array.from({ length: tag.last - tag.first + 1 }, (_, i) => tag.first + i)),
    ).toEqual(many.map((each) => each.number));
    // Each in the middle of its faults, with a line over them.
    expect(tags.every(({ x: at, span }) => span === null || (span[0] < at && at < span[1]))).toBe(true);
    for (let i = 1; i < tags.length; i++) expect(tags[i]!.x - tags[i - 1]!.x).toBeGreaterThan(20);
  });
});
