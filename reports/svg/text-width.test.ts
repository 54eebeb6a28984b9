import { describe, expect, it } from 'vitest';
import { narrowed } from './operation-lanes.ts';
import { fitted, fittedName, textWidth, wrapped } from './text-width.ts';

describe('text that fits', () => {
  it('is left alone; else cut with an ellipsis and never wider than asked', () => {
    const name = 'prod-usw2-manager-01.internal.example.com';
    expect(fitted('short', 100, 12)).toBe('short');
    for (let width = 30; width < 300; width += 7) {
      for (const cut of [fitted(name, width, 12), fittedName(name, width, 12)]) {
        expect(textWidth(cut, 12)).toBeLessThanOrEqual(width);
        expect(cut === name || cut.includes('…')).toBe(true);
      }
    }
  });

  it('keeps both ends of a name', () => {
    expect(fittedName('availability-zone-a', 90, 12)).toMatch(/^avail.*…*-a$/);
  });

  it('never cuts a character in two', () => {
    expect(fittedName('😀😀😀😀😀😀😀😀', 50, 12)).toMatch(/^\p{Emoji}*…\p{Emoji}*$/u);
  });

  it('counts other scripts as wide and bold as wider', () => {
    expect(textWidth('中中', 10)).toBe(20);
    expect(textWidth('manager', 12, true)).toBeGreaterThan(textWidth('manager', 12));
  });
});

describe('wrapping', () => {
  it('fills lines and ends the last one with an ellipsis when there are too many', () => {
    const text = 'one two three four five six seven eight nine ten';
    const lines = wrapped(text, 80, 12, 3);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/…$/);
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(80);
    expect(wrapped(text, 1_000, 12, 3)).toEqual([text]);
  });
});

describe('figures beside lanes', () => {
  it('are cut, not rounded, where they would touch the lane', () => {
    expect(narrowed('99.999999922 %')).toMatch(/^99\.99999+ %$/);
    expect(narrowed('99.999968 %')).toBe('99.999968 %');
    expect(textWidth(narrowed('99.9999901 %'), 12, true)).toBeLessThan(92);
  });
});
