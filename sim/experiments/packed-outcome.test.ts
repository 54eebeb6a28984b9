import { expect, test } from 'vitest';
import { packed, unpacked } from './packed-outcome.ts';
import { runChunk } from './run-chunk.ts';
import { smallStudy } from './testing.ts';

test('an outcome comes back as it was, from fewer rows', () => {
  const [outcome] = runChunk(smallStudy(), { variant: 0, from: 0, to: 1 });
  const text = JSON.stringify(packed(outcome!));
  expect(unpacked(JSON.parse(text))).toEqual(outcome);
  expect(packed(outcome!).distinct.length).toBeLessThan(outcome!.operations.length / 2);
});
