import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agree,
  filledIn,
  meet,
  painted,
  type ServiceState,
  type Span,
  type Stretch,
  worseOf,
} from './stretches.ts';

/** Histories are short and masks cross each other, so that each moment can be asked one by one. */
const END = 12;
const moments = Array.from({ length: END }, (_, us) => us);

const history = fc
  .array(fc.constantFrom<ServiceState>('up', 'waits', 'degraded', 'down'), { minLength: END, maxLength: END })
  .map((states): Stretch[] =>
    states.flatMap((state, us) =>
      us > 0 && states[us - 1] === state
        ? []
        : [{ fromUs: us, toUs: us + states.slice(us).findIndex((each) => each !== state), state, cause: us }],
    ),
  )
  .map((stretches) => stretches.map((each) => (each.toUs < each.fromUs ? { ...each, toUs: END } : each)));

const mask = fc.array(
  fc
    .tuple(fc.nat(END - 1), fc.integer({ min: 1, max: 4 }))
    .map(([fromUs, length]): Span => ({ fromUs, toUs: Math.min(END, fromUs + length) })),
  { maxLength: 4 },
);

const at = (stretches: readonly Stretch[], us: number) =>
  stretches.find((each) => each.fromUs <= us && us < each.toUs)!.state;
const isMasked = (spans: readonly Span[], us: number) =>
  spans.some((each) => each.fromUs <= us && us < each.toUs);

/** Covers the run without gap, and no two neighbours are of one state. */
function expectWhole(stretches: readonly Stretch[]): void {
  expect(stretches[0]!.fromUs).toBe(0);
  expect(stretches.at(-1)!.toUs).toBe(END);
  for (let i = 1; i < stretches.length; i++) {
    expect(stretches[i]!.fromUs).toBe(stretches[i - 1]!.toUs);
    expect(stretches[i]!.state).not.toBe(stretches[i - 1]!.state);
  }
}

describe('two histories side by side', () => {
  it('agree when they are of one state at every moment that no mask hides', () => {
    fc.assert(
      fc.property(history, mask, history, mask, (a, maskA, b, maskB) => {
        const open = moments.filter((us) => !isMasked(maskA, us) && !isMasked(maskB, us));
        expect(agree(a, maskA, b, maskB)).toBe(open.every((us) => at(a, us) === at(b, us)));
      }),
    );
  });

  it('meet when both are in some state at one moment', () => {
    fc.assert(
      fc.property(history, history, (a, b) => {
        const down = (stretches: readonly Stretch[]) => stretches.filter((each) => each.state === 'down');
        expect(meet(down(a), down(b))).toBe(
          moments.some((us) => at(a, us) === 'down' && at(b, us) === 'down'),
        );
      }),
    );
  });

  it('fill in each other where only the first is masked', () => {
    fc.assert(
      fc.property(history, mask, history, mask, (a, maskA, b, maskB) => {
        const filled = filledIn(a, maskA, b, maskB);
        expectWhole(filled);
        for (const us of moments)
          expect(at(filled, us)).toBe(at(isMasked(maskA, us) && !isMasked(maskB, us) ? b : a, us));
      }),
    );
  });

  it('are painted where they are masked', () => {
    fc.assert(
      fc.property(history, mask, (a, maskA) => {
        const dark = painted(a, maskA, 'dark');
        expectWhole(dark);
        for (const us of moments) expect(at(dark, us)).toBe(isMasked(maskA, us) ? 'dark' : at(a, us));
      }),
    );
  });

  it('make the worse of both', () => {
    const ranks = ['up', 'waits', 'degraded', 'down'];
    fc.assert(
      fc.property(history, history, (a, b) => {
        const worse = worseOf(a, b);
        expectWhole(worse);
        for (const us of moments)
          expect(ranks.indexOf(at(worse, us))).toBe(
            Math.max(ranks.indexOf(at(a, us)), ranks.indexOf(at(b, us))),
          );
      }),
    );
  });

  it('are left as they were', () => {
    fc.assert(
      fc.property(history, mask, history, mask, (a, maskA, b, maskB) => {
        const before = structuredClone([a, maskA, b, maskB]);
        agree(a, maskA, b, maskB);
        filledIn(a, maskA, b, maskB);
        painted(a, maskA, 'dark');
        worseOf(a, b);
        expect([a, maskA, b, maskB]).toEqual(before);
      }),
    );
  });
});
