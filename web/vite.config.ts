import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { precompress } from './precompress.ts'
import { slimCentrifuge } from './slim-centrifuge.ts'

const server = 'http://127.0.0.1:8080'

// Compressing well takes its time, and need not be said.
const checks = { pluginTimings: false }

// What nearly every page needs is one chunk; graphs, tables and the connection are loaded when first wanted.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), slimCentrifuge(), precompress()],
  worker: { format: 'es', plugins: () => [slimCentrifuge()], rolldownOptions: { checks } },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks,
      output: { codeSplitting: { groups: [{ name: 'solid', test: /node_modules[\\/](solid-js|@solidjs)[\\/]/ }] } },
    },
  },
  server: {
    proxy: {
      '/api': server,
      '/healthz': server,
      '/emulation': server,
      '/connection': { target: server, ws: true },
      '/ws': { target: server, ws: true },
    },
  },
})
