import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The compiled app is loaded as Node loads it: several copies of one bundle, none of them transformed.
    server: { deps: { external: [/\/dist\//] } },
    reporters: ['default', './test/tally-reporter.ts'],
    // The suites that start processes or virtual worlds share two cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
