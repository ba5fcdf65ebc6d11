import { optionsOf } from '../lib/options.ts'
import { reporting } from '../lib/report.ts'
import { act, actingAt } from '../lib/requests.ts'
import { acting, profile, summaryFile } from '../lib/settings.ts'
import { watch as watchTopics, watching } from '../lib/watchers.ts'

// All connections are cut at the same moment and come back at once, while things go on happening.

const size = profile('reconnect-storm')
const tail = 2

export const options = optionsOf('reconnect-storm', {
  watchers: watching(size),
  ...actingAt(size.acts, size.seconds - size.ramp - tail, acting, size.ramp),
})

export const watch = (): void => watchTopics(size)
export const doActs = act
export const handleSummary = reporting('reconnect-storm', summaryFile)
