import { Unavailable, type Fault } from './fault.ts'

/** Whoever takes checkpoints of the audit log answers with 503. */
export const checkpointsStuck: Fault = {
  about: 'checkpoints of the audit log do not leave the machine',
  alerts: ['AuditCheckpointsNotDelivered'],
  panels: ['governance: Ways that fail'],
  async start({ checkpoints }) {
    if (checkpoints === undefined) throw new Unavailable('audit.webhook_url is set: it is left alone')
    return checkpoints.refuse()
  },
}
