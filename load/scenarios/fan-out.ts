import { lookInside, noteInside } from '../lib/inside.ts'
import { optionsOf } from '../lib/options.ts'
import { reporting } from '../lib/report.ts'
import { act, actingAt } from '../lib/requests.ts'
import { acting, profile, summaryFile } from '../lib/settings.ts'
import { watch as watchTopics, watching } from '../lib/watchers.ts'

// Everybody looks at everything: how long until each of a thousand readers has what was published?

const size = profile('fan-out')
const tail = 2

export const options = optionsOf('fan-out', {
  watchers: watching(size),
  ...actingAt(size.acts, size.seconds - size.ramp - tail, acting, size.ramp),
})

export const setup = lookInside
export const watch = (): void => watchTopics(size)
export const doActs = act
export const teardown = noteInside
export const handleSummary = reporting('fan-out', summaryFile)
