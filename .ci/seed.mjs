/**
 * Properties are tried on the same random inputs at each test run, so that a run's result says something about the commit.
 * `FC_SEED=7 npm test` tries others; a failure prints the seed and path that lead back to it.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_171_117) });
