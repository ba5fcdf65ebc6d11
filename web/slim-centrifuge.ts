import { minify } from 'terser'
import type { Plugin } from 'vite'

/** Transports that the console never opens, it has WebSocket, SSE and polling of its own; and deltas, which it never asks for. */
const unused = [
  'SockjsTransport',
  'HttpStreamTransport',
  'WebtransportTransport',
  'ReplyStreamBuffer',
  'LineStreamBuffer',
  'Reader',
  'Writer',
]

/** Empties a class at the top level of a module; its end is the first brace in the first column. */
function emptied(code: string, name: string): string {
  const start = code.indexOf(`\nclass ${name} {`)
  const end = code.indexOf('\n}\n', start)
  if (start < 0 || end < 0) throw new Error(`centrifuge has no class ${name} any more: mend web/slim-centrifuge.ts`)
  return `${code.slice(0, start)}\nclass ${name} {}\n${code.slice(end + 3)}`
}

/**
 * Gives what is private to the library short names: it is one module, and marks such members with an underscore. The
 * names of `events`, which it extends, are that package's.
 */
async function shortened(code: string): Promise<string> {
  const properties = { regex: /^_/, reserved: ['_events', '_eventsCount', '_maxListeners'] }
  const { code: short } = await minify(code, { module: true, compress: false, mangle: { properties } })
  if (short === undefined) throw new Error('terser gave nothing for centrifuge')
  return short
}

/** Leaves out of the client library what it brings for others: a bundler cannot tell that it is never used. */
export function slimCentrifuge(): Plugin {
  return {
    name: 'slim-centrifuge',
    apply: 'build',
    transform: {
      filter: { id: /[\\/]node_modules[\\/]centrifuge[\\/]build[\\/]index\.mjs/ },
      handler: async (code) => ({ code: await shortened(unused.reduce(emptied, code)), map: null }),
    },
  }
}
