import { readdirSync, readFileSync } from 'node:fs'
import { findProgram } from '../children/find-program.ts'
import { commandOutput } from './program.ts'
import type { Examination, Finding } from './finding.ts'

/** The Node that runs this. */
export const node: Examination = async () => {
  const major = Number(process.versions.node.split('.', 1)[0])
  if (major >= 24)
    return [{ what: 'Node', state: 'ok', found: `${process.version} ${process.platform}-${process.arch}` }]
  return [
    { what: 'Node', state: 'wrong', found: process.version, mend: 'run it through npm, which brings Node 24 along' },
  ]
}

const vendors: Record<string, string> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' }

/** Graphics cards the kernel knows, and the tool that can read them. */
export const gpu: Examination = async (config, env) => {
  const findings: Finding[] = [...new Set(cards(config.exporters.gpu.sysfs))].map((vendor) => {
    return { what: 'GPU', state: 'ok', found: `${vendor} card in ${config.exporters.gpu.sysfs}` }
  })
  const program = config.exporters.gpu.nvidia_smi.split(' ', 1)[0] ?? ''
  const path = findProgram([program], env['PATH'] ?? '')
  if (path !== undefined) findings.push(await nvidia(path))
  else if (findings.some(({ found }) => found.startsWith('NVIDIA'))) {
    const mend = 'install the NVIDIA driver’s utilities (Debian: nvidia-smi), or set exporters.gpu.nvidia_smi'
    findings.push({ what: 'nvidia-smi', state: 'wrong', found: 'not on the PATH', mend })
  }
  return findings.length > 0 ? findings : [{ what: 'GPU', state: 'note', found: 'none; GPU panels stay hidden' }]
}

function cards(sysfs: string): string[] {
  try {
    const names = readdirSync(`${sysfs}/class/drm`).filter((name) => /^card\d+$/.test(name))
    return names.map(
      (name) => vendors[readFileSync(`${sysfs}/class/drm/${name}/device/vendor`, 'utf8').trim()] ?? 'other',
    )
  } catch {
    return []
  }
}

async function nvidia(path: string): Promise<Finding> {
  const output = await commandOutput(path, ['--query-gpu=name,driver_version', '--format=csv,noheader'])
  if (output.ok) return { what: 'nvidia-smi', state: 'ok', found: output.text.trim().replaceAll('\n', '; ') }
  return {
    what: 'nvidia-smi',
    state: 'wrong',
    found: output.cause,
    mend: 'run nvidia-smi by hand; the driver does not answer',
  }
}
