import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{sim,scenarios,reports,bench,docs}/**/*.test.ts'],
    globalSetup: './.ci/bundle.mjs',
    testTimeout: 60_000,
    reporters: ['default', './.ci/count-reporter.mjs'],
  },
});
