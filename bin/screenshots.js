// Makes the pictures of docs/images from the demonstration, in headless Chromium.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const images = join(root, 'docs/images')
/** s that the demonstration runs before the pictures, so that the graphs show something. */
const warmup = Number(process.argv[2] ?? 90)

const themes = /** @type {const} */ (['light', 'dark'])
const desk = { width: 1440, height: 900 }
const pictures = [
  ...themes.map((theme) => ({ name: `monitor-${theme}`, path: '/?range=5', theme, viewport: desk, scale: 1 })),
  ...themes.map((theme) => ({ name: `models-${theme}`, path: '/models', theme, viewport: desk, scale: 1 })),
  { name: 'monitor-phone', path: '/?range=5', theme: themes[0], viewport: { width: 390, height: 844 }, scale: 2 },
]

/** Starts the demonstration on free ports in a directory of its own; resolves with the console's address. */
async function startDemo(/** @type {string} */ cwd) {
  const env = { ...process.env, AURA_SERVER_PORT: '0', AURA_METRICS_PORT: '0', AURA_AUTH_MODE: 'none' }
  const child = spawn(process.execPath, [join(root, 'bin/aura.js'), 'demo'], { cwd, env, stdio: 'pipe' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const url = await new Promise((resolve, reject) => {
    let output = ''
    void ended.then(() => reject(new Error(`the demonstration ended:\n${output}`)))
    const read = (/** @type {string} */ text) => {
      output += text
      const found = /console +(http:\S+)/.exec(output)
      if (found) resolve(found[1])
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
  })
  const stop = () => (child.kill('SIGTERM'), ended)
  return { url, stop }
}

async function take(
  /** @type {import('playwright-core').Browser} */ browser,
  /** @type {string} */ url,
  /** @type {typeof pictures[number]} */ { name, path, theme, viewport, scale },
) {
  const options = { colorScheme: theme, viewport, deviceScaleFactor: scale, reducedMotion: 'reduce' }
  const context = await browser.newContext(/** @type {import('playwright-core').BrowserContextOptions} */ (options))
  const page = await context.newPage()
  await page.goto(url + path)
  await page.getByRole('group', { name: 'Connection' }).getByText('Live').waitFor()
  await page.waitForTimeout(4000)
  await page.screenshot({ path: join(images, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
  await context.close()
}

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const directory = mkdtempSync(join(tmpdir(), 'aura-screenshots-'))
const demo = await startDemo(directory)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const watching = await browser.newPage()
  await watching.goto(demo.url)
  await watching.waitForTimeout(warmup * 1000)
  for (const picture of pictures) await take(browser, demo.url, picture)
} finally {
  await browser.close()
  await demo.stop()
  rmSync(directory, { recursive: true, force: true })
}
