export { binomialAtMost, studentQuantile } from './beta.ts';
export { DEFAULT_CONFIDENCE, type Interval, type IntervalMethod } from './interval.ts';
export { type MeanOptions, meanInterval } from './mean-interval.ts';
export { normalQuantile } from './normal.ts';
export { differenceInterval, pairedInterval } from './paired-interval.ts';
export { neverInRuns, proportionInterval, wilsonInterval } from './proportion-interval.ts';
export { quantileInterval, sampleQuantile } from './quantile-interval.ts';
export { ratioInterval } from './ratio-interval.ts';
export { medianOf, sorted, sumOf } from './sums.ts';
