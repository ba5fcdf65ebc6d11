import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findProgram } from '../../src/children/find-program.ts'
import { onExit } from '../exporters/on-exit.ts'
import { pin } from './pin.ts'

/** A compiled program that answers each line with a line. */
export interface Native {
  readonly pid: number
  ask(line: string): Promise<string>
  readonly stop: () => Promise<void>
}

const sources = join(import.meta.dirname, 'native')
let folder: string | undefined
const compiled = new Map<string, string | undefined>()

/** Where the programs and their files go until this process ends. */
export function scratch(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'aura-bench-realtime-'))
    onExit(() => rmSync(made, { recursive: true, force: true }))
    folder = made
  }
  return folder
}

/** The C compiler of this machine, if it has one. */
export const compiler = findProgram(['cc', 'gcc', 'clang'], process.env['PATH'] ?? '')

function compile(name: string): string | undefined {
  if (compiler === undefined) return undefined
  const out = join(scratch(), name)
  const { status, stderr } = spawnSync(compiler, ['-O2', '-o', out, join(sources, `${name}.c`)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`cc cannot compile ${name}.c: ${stderr}`)
  return out
}

/** Path of the program made of `name`.c; undefined where there is no C compiler. */
export function nativeProgram(name: 'floor' | 'client'): string | undefined {
  if (!compiled.has(name)) compiled.set(name, compile(name))
  return compiled.get(name)
}

/** Starts a compiled program on one core. */
export async function startNative(program: string, args: readonly string[], core: number): Promise<Native> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child, 'spawn')
  const done = onExit(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(done)
  const waiting: PromiseWithResolvers<string>[] = []
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.resolve(line))
  child.stdin.on('error', () => undefined)
  child.once('exit', () => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${program} ended early`))
  })
  const pid = child.pid ?? 0
  pin(pid, core)
  return {
    pid,
    ask(line) {
      const answer = Promise.withResolvers<string>()
      waiting.push(answer)
      child.stdin.write(`${line}\n`)
      return answer.promise
    },
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
