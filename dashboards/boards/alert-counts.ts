import { stat } from '../lib/panel.ts'
import { query } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const firing = (severity: string) =>
  query('', `count(ALERTS{alertstate="firing", severity="${severity}"}) or vector(0)`)

/** How many alerts want somebody now; `act` says where they are named. */
export const criticalAlerts = (title: string, act: string) =>
  stat({
    title,
    h: 6,
    unit: unit.count,
    decimals: 0,
    threshold: { bad: 1 },
    queries: [firing('critical')],
    shows: 'Alerts that want somebody now.',
    normal: '0.',
    act,
  })

/** How many alerts can wait. */
export const warnings = (act: string) =>
  stat({
    title: 'Warnings',
    h: 6,
    unit: unit.count,
    decimals: 0,
    threshold: { look: 1 },
    queries: [firing('warning')],
    shows: 'Alerts that can wait for the day.',
    normal: '0, or known ones.',
    act,
  })
