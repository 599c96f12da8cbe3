import { defineConfig } from 'vitest/config';

// `npm test`: everything that needs nothing but this repository. Corpus suites have their own config.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.corpus.test.ts', 'node_modules/**'],
    retry: 0,
    testTimeout: 30_000,
  },
});
