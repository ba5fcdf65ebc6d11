import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { scrapeText } from '../../support/exposition.ts'
import { ollamaExporter, startSimulator } from '../../support/ollama.ts'
import { installed } from '../../support/programs.ts'

const promtool = installed('promtool on the page of the Ollama exporter', 'promtool')

test.skipIf(promtool === undefined)('promtool has nothing to say, Ollama up or down', async () => {
  const { control, url } = await startSimulator()
  const exporter = ollamaExporter(url)
  control.load('llama3.3:70b')
  const pages = [await scrapeText(exporter)]
  await control.die()
  pages.push(await scrapeText(exporter))
  for (const input of pages) {
    const { stdout, stderr, status } = spawnSync(promtool ?? '', ['check', 'metrics'], { input, encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 })
  }
})
