import { defineConfig } from 'vitest/config'

// Two projects: `node` needs nothing but this repository; `integration` starts real servers and compares with peers.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    projects: [
      { test: { name: 'node', include: ['**/*.test.ts'], exclude: ['**/*.integration.test.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
