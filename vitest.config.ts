import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/tally-reporter.ts'],
    // The suites that start processes or virtual worlds share two cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
