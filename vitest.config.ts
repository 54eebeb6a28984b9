import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{sim,scenarios,reports,bench,docs}/**/*.test.ts'],
    globalSetup: './.ci/bundle.mjs',
    setupFiles: './.ci/seed.mjs',
    // One more than the cores: some tests wait for other programs most of their time.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    reporters: ['default', './.ci/count-reporter.mjs'],
  },
});
