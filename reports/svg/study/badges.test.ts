import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeBadges } from './badges.ts';

const FRAME = { x0: 100, x1: 600, y0: 50, y1: 380 };

test('no badge covers another, and a lone one lies on its point', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 110, max: 590 }), fc.integer({ min: 60, max: 370 })), {
        minLength: 1,
        maxLength: 20,
      }),
      (points) => {
        const badges = points.map(([x, y], i) => ({
          x,
          y,
          label: String(i),
          tone: 'good' as const,
          chosen: i === 0,
        }));
        const placed = placeBadges(badges, FRAME);
        expect(placed).toHaveLength(badges.length);
        expect(placed[0]).toMatchObject({ label: '0', atX: points[0]![0], atY: points[0]![1] });
        placed.forEach((a, i) => {
          for (const b of placed.slice(i + 1))
            expect(Math.hypot(a.atX - b.atX, a.atY - b.atY)).toBeGreaterThanOrEqual(18);
        });
      },
    ),
    { numRuns: 200 },
  );
});

test('a badge makes room for a mark that lies on its point', () => {
  const badge = { x: 300, y: 200, label: '1', tone: 'good' as const, chosen: true };
  const [placed] = placeBadges([badge], FRAME, [{ x: 304, y: 200 }]);
  expect(Math.hypot(placed!.atX - 304, placed!.atY - 200)).toBeGreaterThan(18);
  const [alone] = placeBadges([badge], FRAME, [{ x: 330, y: 200 }]);
  expect(alone).toMatchObject({ atX: 300, atY: 200 });
});
