import { defineConfig } from 'vitest/config';

// `npm run test:corpus`: the same code against the public corpora (VIGIE_CORPUS); says so and skips without them.
export default defineConfig({
  test: {
    include: ['src/**/*.corpus.test.ts', 'test/**/*.corpus.test.ts'],
    retry: 0,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
