import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runAura } from '../support/aura.ts'
import { parseExposition, type Family } from '../support/exposition.ts'
import { startSimulator } from '../support/ollama.ts'
import { startPostgres } from '../support/postgres.ts'

const root = join(import.meta.dirname, '../..')

/** An nvidia-smi on the PATH that plays the scene written to its control file. */
function simulatedSmi(): { path: string; control: string } {
  const directory = mkdtempSync(join(tmpdir(), 'aura-smi-'))
  const control = join(directory, 'scene')
  const program = join(directory, 'nvidia-smi')
  writeFileSync(control, 'idle')
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${root}/src/demo/nvidia-smi.ts" "$@"\n`)
  chmodSync(program, 0o755)
  return { path: program, control }
}

type Page = Map<string, Family>
const first = (page: Page, name: string): number | undefined => page.get(name)?.samples.values().next().value
const state = (page: Page): string[] =>
  [...(page.get('gpu_state')?.samples ?? [])]
    .filter(([key, on]) => key.includes('nvidia') && on === 1)
    .map(([key]) => key)

/** What one page says of each source: whether its values are there. */
const present = (page: Page) => ({
  host: first(page, 'node_load1') !== undefined,
  postgres: first(page, 'pg_up'),
  ollama: first(page, 'ollama_up'),
  gpu: first(page, 'gpu_utilization_ratio') !== undefined,
})
const well = { host: true, postgres: 1, ollama: 1, gpu: true }

test(
  'every source at fault at once: the page comes within 3 s with what is well, and all recover',
  { timeout: 120_000 },
  async () => {
    await using postgres = await startPostgres(18)
    const ollama = await startSimulator()
    const smi = simulatedSmi()
    await using aura = runAura(['exporter'], {
      AURA_DATABASE_URL: postgres.url,
      AURA_OLLAMA_URL: ollama.url,
      AURA_EXPORTERS_GPU_NVIDIA_SMI: smi.path,
      AURA_EXPORTERS_GPU_POLL_INTERVAL: '1s',
      AURA_EXPORTERS_GPU_POLL_TIMEOUT: '1s',
      AURA_EXPORTERS_GPU_MAX_AGE: '1s',
      NVIDIA_SMI_SIM_CONTROL: smi.control,
    })
    const [, url = ''] = await aura.until(/"url":"(http:[^"]+)","msg":"exporters ready"/)
    const page = async (): Promise<Page> => parseExposition(await (await fetch(`${url}/metrics/all`)).text())
    await expect.poll(async () => present(await page()), { timeout: 20_000 }).toEqual(well)

    await postgres.freeze()
    ollama.control.faults.add({ kind: 'hang' })
    writeFileSync(smi.control, 'hang')
    try {
      for (let i = 0; i < 4; i++) {
        const start = Date.now()
        const during = await page()
        expect(Date.now() - start).toBeLessThan(3000)
        expect(present(during)).toMatchObject({ host: true, postgres: 0, ollama: 0 })
      }
      await expect.poll(async () => state(await page()).join(), { timeout: 20_000 }).toContain('hung')
      expect(present(await page()).gpu).toBe(false)
    } finally {
      await postgres.thaw()
    }
    ollama.control.faults.clear()
    writeFileSync(smi.control, 'idle')
    await page()
    expect(present(await page())).toMatchObject({ host: true, postgres: 1, ollama: 1 })
    await expect.poll(async () => present(await page()), { timeout: 20_000 }).toEqual(well)
  },
)
