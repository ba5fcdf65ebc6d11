import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { environmentOf, parseCopy, parseStages, said, sent, stages, type Stage } from './dockerfile.ts'
import { root, stack } from './stack.ts'

const ignore = readFileSync(join(root, '.dockerignore'), 'utf8')
const last = stages.at(-1) as Stage
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: { node: string } }

test('steps are read as Docker reads them', () => {
  expect(parseStages('# a\nFROM x:1 AS y\nRUN a \\\n  # why\n  && b\n\nUSER 1\n')).toEqual([
    {
      image: 'x:1',
      name: 'y',
      steps: [
        { word: 'RUN', rest: 'a && b' },
        { word: 'USER', rest: '1' },
      ],
    },
  ])
})

test('every stage begins with the Node of the tests', () => {
  expect(stages.map(({ name }) => name)).toEqual(['web', 'app', ''])
  expect(new Set(stages.map(({ image }) => image))).toEqual(
    new Set([`node:${manifest.devDependencies.node}-bookworm-slim`]),
  )
})

test('what runs is no root, says whether it is well, and is Aura', () => {
  const user = said(last, 'USER')
  expect(user).toEqual(['10464:10464'])
  // The user is made before it is used, and the scripts that hand out secrets know its number.
  expect(said(last, 'RUN').join()).toContain('--uid 10464')
  expect(readFileSync(join(root, 'compose/secrets.sh'), 'utf8')).toContain('10464')
  expect(said(last, 'HEALTHCHECK')[0]).toMatch(/ CMD \["node", "compose\/health.js"\]$/)
  expect(stack.services['aura']?.healthcheck?.test).toEqual(['CMD', 'node', 'compose/health.js'])
  expect(JSON.parse(said(last, 'ENTRYPOINT')[0] ?? '')).toContain('/app/bin/aura.js')
  expect(said(last, 'CMD')).toEqual(['["start"]'])
  expect(said(last, 'VOLUME')).toEqual([environmentOf(last)['AURA_DATA_DIR']])
})

test('what is copied is there, and sent', () => {
  const copies = stages.flatMap((stage) => said(stage, 'COPY').map(parseCopy))
  const sources = copies.filter(({ from }) => from === undefined).flatMap((copy) => copy.sources)
  expect(sources.length).toBeGreaterThan(8)
  for (const source of sources) {
    expect(existsSync(join(root, source)), source).toBe(true)
    expect(sent(source, ignore), source).toBe(true)
  }
})

test('what is nobody’s business stays here', () => {
  for (const path of [
    '.git/config',
    '.env',
    '.aura/lock',
    'aura.yaml',
    'node_modules/fastify/fastify.js',
    'tests/a.ts',
  ])
    expect(sent(path, ignore), path).toBe(false)
  for (const path of ['web/dist/index.html', 'web/tests/a.tsx', 'web/node_modules/a', 'src/debug.log'])
    expect(sent(path, ignore), path).toBe(false)
  expect(sent('web/src/main.tsx', ignore)).toBe(true)
})
