import { sleep } from 'k6'
import { optionsOf } from '../lib/options.ts'
import { reporting } from '../lib/report.ts'
import { askApi, askHealth } from '../lib/requests.ts'
import { profile, summaryFile } from '../lib/settings.ts'

// People with the console open, and a supervisor who asks whether Aura is well.

const { users, seconds } = profile('rest')
const duration = `${seconds}s`

export const options = optionsOf('rest', {
  people: { executor: 'constant-vus', exec: 'browse', vus: users, duration },
  supervisor: {
    executor: 'constant-arrival-rate',
    exec: 'supervise',
    rate: 10,
    timeUnit: '1s',
    duration,
    preAllocatedVUs: 2,
    maxVUs: 10,
  },
})

export function browse(): void {
  // Not all of them at once.
  sleep(0.5 + Math.random())
  askApi()
}
export const supervise = askHealth
export const handleSummary = reporting('rest', summaryFile)
