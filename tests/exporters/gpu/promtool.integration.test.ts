import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const golden = `${import.meta.dirname}/golden`
const installed = spawnSync('promtool', ['--version']).status === 0
if (!installed) console.warn('promtool is not installed: the names of the gpu exporter are not checked')

it.skipIf(!installed).each(readdirSync(golden))(
  'promtool finds no fault in %s but the names that DCGM chose',
  (file) => {
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: readFileSync(`${golden}/${file}`),
      encoding: 'utf8',
    })
    const faults = `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('DCGM_FI_DEV_'))
    expect(faults).toEqual([])
  },
)
