import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const usage = `Usage: npm run boards:preview -- [--prometheus URL] [--port PORT] [--screenshots FOLDER [--board NAME]... [--range RANGE]]

Shows Aura's boards with the components that Grafana is made of (@grafana/ui), on live data and without a Grafana. The
first time it installs them into dashboards/preview/node_modules: 380 packages, about 430 MB; removing that folder undoes it.
Without --prometheus, the Prometheus on 127.0.0.1:9090 is asked; if none answers there, the demonstration is started.

  --prometheus   where a Prometheus answers
  --port         loopback port of the page; 0 is any free one (9470)
  --screenshots  takes pictures of all boards into this folder, light and dark, with Chromium, and ends
  --board        only this board; may be given several times
  --range        time that the pictures show, such as 15m (what each board says)`

const flags = {
  prometheus: { type: 'string' },
  port: { type: 'string', default: '9470' },
  screenshots: { type: 'string' },
  board: { type: 'string', multiple: true },
  range: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

export interface PreviewOptions {
  /** Origin and path of a Prometheus, without a slash at its end. */
  readonly prometheus: string | undefined
  readonly port: number
  readonly pictures:
    | { readonly folder: string; readonly boards: readonly string[]; readonly range: string | undefined }
    | undefined
}

/** What was asked for cannot be; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError(`--prometheus wants an address: ${text}`)
  }
  return text.replace(/\/+$/, '')
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port wants a number up to 65535: ${text}`)
  return port
}

/** Reads the command line; undefined: help was asked for. Throws `UsageError`. */
export function readOptions(args: readonly string[]): PreviewOptions | undefined {
  const { help, prometheus, port, screenshots, board, range } = parsed(args)
  if (help) return undefined
  if (screenshots === undefined && (board !== undefined || range !== undefined)) {
    throw new UsageError('--board and --range are about --screenshots; in the page both can be chosen')
  }
  return {
    prometheus: addressOf(prometheus),
    port: portOf(port),
    pictures: screenshots === undefined ? undefined : { folder: resolve(screenshots), boards: board ?? [], range },
  }
}
