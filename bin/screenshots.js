// Makes the pictures of docs/images from the demonstration, in headless Chromium.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
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
  ...themes.map((theme) => ({ name: `roles-${theme}`, path: '/governance/roles', theme, viewport: desk, scale: 1 })),
  { name: 'audit-light', path: '/governance/audit', theme: themes[0], viewport: desk, scale: 1 },
  { name: 'monitor-phone', path: '/?range=5', theme: themes[0], viewport: { width: 390, height: 844 }, scale: 2 },
]

/** Starts the demonstration on free ports in a directory of its own; resolves with the first owner's link. */
async function startDemo(/** @type {string} */ cwd) {
  const env = { ...process.env, AURA_SERVER_PORT: '0', AURA_METRICS_PORT: '0' }
  const child = spawn(process.execPath, [join(root, 'bin/aura.js'), 'demo'], { cwd, env, stdio: 'pipe' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const link = await new Promise((resolve, reject) => {
    let output = ''
    void ended.then(() => reject(new Error(`the demonstration ended:\n${output}`)))
    const read = (/** @type {string} */ text) => {
      output += text
      const found = /http:\S+\/setup#token=\S+/.exec(output)
      if (found) resolve(found[0])
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
  })
  const stop = () => (child.kill('SIGTERM'), ended)
  return { link, stop }
}

/** Opens the link as the first owner would. */
async function becomeOwner(/** @type {import('playwright-core').Page} */ page, /** @type {string} */ link) {
  await page.goto(link)
  await page.getByLabel('User name').fill('ada')
  await page.getByLabel('Display name').fill('Ada Lovelace')
  await page.getByLabel('Password').fill(randomBytes(12).toString('hex'))
  await page.getByRole('button', { name: 'Become the owner' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

async function take(
  /** @type {import('playwright-core').Page} */ owner,
  /** @type {typeof pictures[number]} */ { name, path, theme, viewport, scale },
) {
  const storageState = await owner.context().storageState()
  const url = new URL(owner.url()).origin
  const options = { colorScheme: theme, viewport, deviceScaleFactor: scale, reducedMotion: 'reduce', storageState }
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
  const owner = await browser.newPage()
  await becomeOwner(owner, demo.link)
  await owner.waitForTimeout(warmup * 1000)
  for (const picture of pictures) await take(owner, picture)
} finally {
  await browser.close()
  await demo.stop()
  rmSync(directory, { recursive: true, force: true })
}
