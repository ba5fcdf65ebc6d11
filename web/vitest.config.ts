import { defineConfig } from 'vitest/config'
import solid from 'vite-plugin-solid'

// Components, in jsdom. What needs no page is tested under tests/web.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid({ dev: false, hot: false })],
  resolve: { conditions: ['browser'] },
  test: { name: 'web', environment: 'jsdom', include: ['tests/**/*.test.tsx'] },
})
