import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './.ci/sequencer.ts';

export default defineConfig({
  test: {
    include: ['{sim,scenarios,reports,bench,docs}/**/*.test.ts'],
    globalSetup: './.ci/bundle.mjs',
    setupFiles: './.ci/seed.mjs',
    // Files share a process: the model is loaded and compiled once for many, a quarter of what all tests cost. So a test
    // leaves behind what it found: folder, clock, environment.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // One more than the cores: some tests wait for other programs most of their time.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 120_000,
    reporters: ['default', './.ci/count-reporter.mjs'],
  },
});
