/** What one comparison of the model with a measurement says: the shape that the table, the page and the pictures are made from. */

/**
 * `open`: they differ and the reason is known or suspected, but not in the model's power to close (the note says it);
 * `not-modelled`: the file is of a kind that this version does not model.
 */
export type Verdict = 'pass' | 'fail' | 'open' | 'not-modelled';

/** Figures by name, in the order in which they are shown: p10, p50, mean, share of service ... */
export type Figures = Readonly<Record<string, number>>;

/** Points of a cumulative distribution, ascending: value, share of the sample at or below it (0..1). */
export type Curve = readonly (readonly [value: number, share: number])[];

export interface Comparison {
  /** Unique; also the name of its picture. `etcd-raft/3-0.5ms-0ms-prevote`. */
  readonly name: string;
  /** The file of the data folder, or the publication, that was measured. */
  readonly source: string;
  /** Sample sizes. Measured 0: an exact or a qualitative statement. */
  readonly n: { readonly measured: number; readonly predicted: number };
  /** Unit of the figures and of the curves: `ms`, `s`, `%`; '' when they differ. */
  readonly unit: string;
  /** In words, what must hold. */
  readonly criterion: string;
  readonly measured: Figures;
  readonly predicted: Figures;
  /** Kolmogorov-Smirnov distance of two samples and its p-value; null where only quantiles are published. */
  readonly ks: number | null;
  readonly p: number | null;
  readonly verdict: Verdict;
  /** What a reader must know: the figure that failed, or why it is open. '' when there is nothing to say. */
  readonly note: string;
  readonly curves: { readonly measured: Curve; readonly predicted: Curve } | null;
}

/** Of a data file that this version cannot predict. */
export function notModelled(name: string, source: string, n: number, note: string): Comparison {
  return {
    name,
    source,
    n: { measured: n, predicted: 0 },
    unit: '',
    criterion: 'none',
    measured: {},
    predicted: {},
    ks: null,
    p: null,
    verdict: 'not-modelled',
    note,
    curves: null,
  };
}
