#!/usr/bin/env node
/**
 * A simulated nvidia-smi that replays recorded cards: `--query-gpu`, `--query-compute-apps`, `--help-query-gpu`, `-L`
 * and `-q -x`, with the real program's output, refusals and exit codes. The scene (`load`, `vary machine=h200`,
 * `hang`, …; see nvidia-smi/scene.ts) is read at each call from the file named by NVIDIA_SMI_SIM_CONTROL, else from
 * NVIDIA_SMI_SIM_MODE. With NVIDIA_SMI_SIM_LOG each call appends its time and arguments to that file.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { loadRecording } from './nvidia-smi/recording.ts'
import { parseScene } from './nvidia-smi/scene.ts'
import { simulate } from './nvidia-smi/simulate.ts'

const {
  NVIDIA_SMI_SIM_CONTROL: control = '',
  NVIDIA_SMI_SIM_MODE: mode = 'idle',
  NVIDIA_SMI_SIM_LOG: log = '',
} = process.env
const args = process.argv.slice(2)

if (log !== '') appendFileSync(log, `${Date.now()} ${args.join(' ')}\n`)
const scene = parseScene(existsSync(control) ? readFileSync(control, 'utf8') : mode)
const { stdout, exitCode, delay } = simulate(args, scene, loadRecording(scene.machine), new Date())

if (delay === Infinity) {
  // Nothing ends this but a signal, and not even a polite one: the real program hangs within the driver.
  process.on('SIGTERM', () => undefined)
  setInterval(() => undefined, 60_000)
} else {
  setTimeout(() => {
    process.stdout.write(stdout)
    process.exitCode = exitCode
  }, delay)
}
