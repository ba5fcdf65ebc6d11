import { readdirSync } from 'node:fs'
import { findProgram } from '../../../src/children/find-program.ts'
import { bundle } from './bundle.ts'
import { startDemo } from './demo.ts'
import { install } from './install.ts'
import { readOptions, usage, UsageError, type PreviewOptions } from './options.ts'
import { startBrowser, take, themes } from './pictures.ts'
import { boardsFolder } from './places.ts'
import { findPrometheus, type Prometheus } from './prometheus.ts'
import { startServer } from './server.ts'

type Env = Readonly<Record<string, string | undefined>>

const usualAddress = 'http://127.0.0.1:9090'

/** The Prometheus that was named, or else the usual one, or else that of a demonstration. */
async function prometheusFor(named: string | undefined, env: Env, stack: AsyncDisposableStack): Promise<Prometheus> {
  const found = await findPrometheus(named ?? usualAddress)
  if (found !== undefined) return found
  if (named !== undefined) throw new Error(`No Prometheus answers at ${named}.`)
  console.log(
    `No Prometheus answers at ${usualAddress}: starting the demonstration. Its graphs need some minutes to fill.`,
  )
  return stack.use(await startDemo(env)).prometheus
}

const allBoards = (): string[] => readdirSync(boardsFolder).map((file) => file.replace('.json', ''))

/** Takes all pictures and tells what they lack; the exit code. */
async function takePictures(url: string, pictures: NonNullable<PreviewOptions['pictures']>, env: Env): Promise<number> {
  const executable = findProgram(
    [env['CHROMIUM'] ?? 'chromium', 'chromium-browser', 'google-chrome'],
    env['PATH'] ?? '',
  )
  if (executable === undefined) throw new Error('Pictures need Chromium: apt install chromium, or name it in CHROMIUM.')
  const browser = await startBrowser(executable)
  let wrong = 0
  try {
    for (const board of pictures.boards.length > 0 ? pictures.boards : allBoards())
      for (const theme of themes) {
        const { file, empty, failed, errors } = await take(browser, { url, board, theme, ...pictures })
        console.log(file)
        if (theme === 'light') for (const title of empty) console.log(`  without data: ${title}`)
        for (const what of [...failed, ...errors]) console.log(`  wrong: ${what}`)
        wrong += failed.length + errors.length
      }
  } finally {
    await browser.close()
  }
  return wrong > 0 ? 1 : 0
}

const interrupted = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
  })

async function preview({ prometheus: named, port, pictures }: PreviewOptions, env: Env): Promise<number> {
  install()
  console.log('Building the page …')
  bundle()
  await using stack = new AsyncDisposableStack()
  // From here on Ctrl-C has something to put away.
  const end = interrupted()
  const prometheus = await prometheusFor(named, env, stack)
  const { url } = stack.use(await startServer(prometheus, pictures === undefined ? port : 0))
  if (pictures !== undefined) return await takePictures(url, pictures, env)
  console.log(`Boards: ${url}   (data: ${prometheus.url}; Ctrl-C ends it)`)
  await end
  return 0
}

/** `npm run boards:preview`; the exit code: 1 if something is wrong, 2 if it was called wrongly. */
export async function perform(args: readonly string[], env: Env): Promise<number> {
  try {
    const options = readOptions(args)
    if (options !== undefined) return await preview(options, env)
    console.log(usage)
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return error instanceof UsageError ? 2 : 1
  }
}
