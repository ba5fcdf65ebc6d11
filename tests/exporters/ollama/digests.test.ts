import { expect, test } from 'vitest'
import { createDigestIndex } from '../../../src/exporters/ollama/digests.ts'

const blob = '904aa05aa56c468b8e0b7bca502150e90025406f860ccbb82da4c303274b0159'
const manifest = 'e00899cef7edfb50d55644c07120164e37d3d101664e1713eae83a7246a74309'

test.each([
  [
    'the command line of a runner',
    `/usr/bin/ollama runner --model /root/.ollama/models/blobs/sha256-${blob} --port 36171`,
  ],
  ['a digest', `sha256:${blob}`],
  ['bare hex', blob],
  ['the short form that ollama ps shows', 'e00899cef7ed'],
  ['a manifest', manifest],
])('finds the model by %s', (_, text) => {
  const index = createDigestIndex()
  index.add(`sha256:${blob}`, 'tiny:latest')
  index.add(manifest, 'tiny:latest')
  expect(index.modelOf(text)).toBe('tiny:latest')
})

test.each([
  ['another digest', 'a'.repeat(64)],
  ['too little of it', blob.slice(0, 8)],
  ['nothing', ''],
  ['a name', 'tiny:latest'],
])('does not find one by %s', (_, text) => {
  const index = createDigestIndex()
  index.add(blob, 'tiny:latest')
  expect(index.modelOf(text)).toBeUndefined()
})
