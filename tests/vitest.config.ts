import { defineConfig } from 'vitest/config'

// Three projects: `node` needs nothing but this repository, `web` renders components in jsdom, `integration` starts real
// servers and browsers and compares with peers.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    projects: [
      '../web/vitest.config.ts',
      { test: { name: 'node', include: ['**/*.test.ts'], exclude: ['**/*.integration.test.ts'] } },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Most of the time a file waits, but more of them at once would take each other's processors.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
