import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseCopy, sent, stages, type Stage } from './dockerfile.ts'
import { root } from './stack.ts'

const ignore = readFileSync(join(root, '.dockerignore'), 'utf8')
const workdir = '/app'

/** Where a stage's `/app` lies below `folder`. */
const place = (folder: string, { name }: Stage): string => join(folder, name === '' ? 'final' : name, 'app')

function copy(folder: string, stage: Stage, rest: string): void {
  const { from, sources, target } = parseCopy(rest)
  const origin = stages.find(({ name }) => name === from)
  for (const source of sources) {
    const inside = origin && join(place(folder, origin), relative(workdir, source))
    const path = inside ?? join(root, source)
    const there = join(place(folder, stage), target)
    const into = target.endsWith('/') && lstatSync(path).isFile() ? join(there, source.split('/').at(-1) ?? '') : there
    const filter = (each: string): boolean => inside !== undefined || sent(relative(root, each), ignore)
    mkdirSync(dirname(into), { recursive: true })
    cpSync(path, into, { recursive: true, filter, verbatimSymlinks: true })
  }
}

function run(cwd: string, command: string, user: string | undefined): void {
  const [uid = 0, gid = 0] = user?.split(':').map(Number) ?? []
  const { status, stderr, stdout } = spawnSync('sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    // The Node that runs the tests is the one of the image.
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    ...(process.getuid?.() === 0 && user !== undefined && { uid, gid }),
  })
  if (status !== 0) throw new Error(`${command}\n${stdout}${stderr}`)
}

/** What only a container has: accounts of its own, and paths outside the work directory. */
const onlyThere = /groupadd|\/usr\/local/

/**
 * The Dockerfile's COPY and RUN steps, each in its stage's folder below `folder`; returns the last one's `/app` and the
 * steps that were left out. Needs a registry for npm; as root files are given to the user of the image.
 */
export function buildNatively(folder: string): { app: string; leftOut: string[] } {
  const leftOut: string[] = []
  let app = ''
  for (const stage of stages) {
    app = place(folder, stage)
    mkdirSync(app, { recursive: true })
    let user: string | undefined
    for (const { word, rest } of stage.steps) {
      if (word === 'USER') user = rest
      else if (word === 'COPY') copy(folder, stage, rest)
      else if (word === 'RUN' && onlyThere.test(rest)) leftOut.push(rest)
      else if (word === 'RUN') run(app, rest, user)
    }
  }
  return { app, leftOut }
}
