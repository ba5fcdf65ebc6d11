import type { Site } from '../stage/site.ts'
import { repeatedly } from '../traffic/crowd.ts'
import { mistype } from '../traffic/sign-ins.ts'
import { Unavailable, type Fault } from './fault.ts'

/** Something that is written into the audit log, whoever may be signed in. */
async function leaveATrace(site: Site): Promise<void> {
  if (site.accounts) return mistype(site)
  const answer = await site.request('/api/governance/audit-logs/export?actor=nobody')
  await answer.body?.cancel()
}

/** Whoever takes checkpoints of the audit log answers with 503. */
export const checkpointsStuck: Fault = {
  about: 'checkpoints of the audit log do not leave the machine',
  alerts: ['AuditCheckpointsNotDelivered'],
  panels: ['governance: Ways that fail'],
  async start({ checkpoints, site }) {
    if (checkpoints === undefined) throw new Unavailable('audit.webhook_url is set: it is left alone')
    const take = checkpoints.refuse()
    // A checkpoint is made, and sent, only of what is new.
    const stop = repeatedly(20_000, () => leaveATrace(site))
    return async () => {
      await stop()
      take()
    }
  },
}
