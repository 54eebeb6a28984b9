import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SpanIndex } from './span-index.ts';
import { overlap } from './stretches.ts';

const spans = fc
  .record({ fromUs: fc.nat(50), lengthUs: fc.nat(20) })
  .map(({ fromUs, lengthUs }) => ({ fromUs, toUs: fromUs + lengthUs }));

it('finds what going through all would find', () => {
  fc.assert(
    fc.property(fc.array(spans, { maxLength: 30 }), spans, (history, span) => {
      const index = new SpanIndex(history, (each) => each);
      const inOrder = history.toSorted((a, b) => a.fromUs - b.fromUs);
      expect(index.overlapping(span)).toEqual(inOrder.filter((each) => overlap(each, span)));
    }),
  );
});
