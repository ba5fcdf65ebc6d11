import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { blobDigest, modelOfCommandLine } from '../../../src/exporters/gpu/model.ts'
import { scrape } from '../../support/exposition.ts'
import { gpuExporter, simulatedRun } from './simulated.ts'

const hex = '6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa'
const other = 'f'.repeat(64)
const blob = `/usr/share/ollama/.ollama/models/blobs/sha256-${hex}`
const models = new Map([[`sha256:${hex}`, 'llama3:8b']])
const modelOfBlob = (digest: string): string | undefined => models.get(digest)

it('finds the blob in a path and in the FROM line of a modelfile', () => {
  expect(blobDigest(blob)).toBe(`sha256:${hex}`)
  expect(blobDigest(`# Modelfile\nFROM ${blob}\nTEMPLATE "x"\n`)).toBe(`sha256:${hex}`)
  expect(blobDigest(String.raw`C:\Users\a\.ollama\models\blobs\sha256-${hex}`)).toBe(`sha256:${hex}`)
  expect(blobDigest(`${blob}0`)).toBeUndefined()
})

it.each([
  [
    'the runner of today',
    ['/usr/local/bin/ollama', 'runner', '--ollama-engine', '--model', blob, '--port', '41233'],
    'llama3:8b',
  ],
  ['the llama.cpp server', ['/tmp/ollama1/runners/cuda_v12/ollama_llama_server', '--model', blob], 'llama3:8b'],
  ['one word', ['llama-server', `--model=${blob}`, '-ngl', '99'], 'llama3:8b'],
  ['a blob not known', ['ollama', 'runner', '--model', blob.replace(hex, other)], ''],
  ['a projector only', ['ollama', 'runner', '--mmproj', blob], ''],
  ['another program', ['python3', 'train.py'], ''],
  ['a zombie', [], ''],
])('gives the model of %s', (_, words, model) => {
  expect(modelOfCommandLine(words.map((word) => `${word}\0`).join(''), modelOfBlob)).toBe(model)
})

it('links the memory of a runner to its model, and leaves other processes without one', async () => {
  const procfs = mkdtempSync(join(tmpdir(), 'aura-proc-'))
  mkdirSync(`${procfs}/10309`)
  writeFileSync(`${procfs}/10309/cmdline`, `/usr/bin/ollama\0runner\0--model\0${blob}\0--port\x004711\0`)
  const exporter = gpuExporter({ procfs, modelOfBlob, run: simulatedRun(() => 'load machine=h200') })
  const memory = (await scrape(exporter)).get('gpu_process_memory_bytes')
  await exporter.stop?.()
  rmSync(procfs, { recursive: true })
  const byModel = [...(memory?.samples ?? [])].map(([labels, bytes]) => [
    /model="(.*?)"/.exec(labels)?.[1],
    bytes / 1048576,
  ])
  expect(byModel).toEqual([
    ['', 2566],
    ['', 1542],
    ['llama3:8b', 28234],
  ])
})
