import { sleep } from 'k6'
import { optionsOf } from '../lib/options.ts'
import { reporting } from '../lib/report.ts'
import { act, actingAt, askApi } from '../lib/requests.ts'
import { acting, profile, summaryFile } from '../lib/settings.ts'
import { createMemoryWatch, lookForLeftovers } from '../lib/steady.ts'
import { watch as watchTopics, watching } from '../lib/watchers.ts'

// A busy day in small, for long: does Aura grow, and are its books empty at the end?

const size = profile('soak')
const { users, seconds, ramp, acts } = size
const duration = `${seconds}s`
const tail = 2
const memory = createMemoryWatch(Math.min(60, seconds / 3))

export const options = optionsOf('soak', {
  watchers: watching(size),
  people: { executor: 'constant-vus', exec: 'browse', vus: users, duration },
  scraper: { executor: 'constant-vus', exec: 'read', vus: 1, duration },
  ...actingAt(acts, seconds - ramp - tail, acting, ramp),
})

export const watch = (): void => watchTopics(size)
export function browse(): void {
  sleep(0.5 + Math.random())
  askApi()
}
export function read(): void {
  memory.look()
  sleep(2)
}
export const doActs = act
export const teardown = lookForLeftovers
export const handleSummary = reporting('soak', summaryFile)
