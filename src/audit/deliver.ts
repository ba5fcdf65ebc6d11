import { appendFile } from 'node:fs/promises'
import type { Checkpoint } from './checkpoints.ts'
import type { AuditConfig } from './config.ts'
import { toSyslog } from './syslog.ts'

/** A way on which checkpoints leave the machine. Rejects when one did not get through. */
export interface Delivery {
  readonly kind: 'file' | 'webhook' | 'syslog'
  send(checkpoint: Checkpoint): Promise<void>
}

const answerTime = 10_000

const toFile = (path: string): Delivery => ({
  kind: 'file',
  send: (checkpoint) => appendFile(path, `${JSON.stringify(checkpoint)}\n`),
})

const toWebhook = (url: string, token: string): Delivery => ({
  kind: 'webhook',
  async send(checkpoint) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(checkpoint),
      redirect: 'error',
      signal: AbortSignal.timeout(answerTime),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`it answered with status ${response.status}`)
  },
})

/** Every way that is configured. */
export const deliveries = ({
  checkpoint_file,
  webhook_url,
  webhook_token,
  syslog,
}: Pick<AuditConfig, 'checkpoint_file' | 'webhook_url' | 'webhook_token' | 'syslog'>): Delivery[] => [
  ...(checkpoint_file === '' ? [] : [toFile(checkpoint_file)]),
  ...(webhook_url === '' ? [] : [toWebhook(webhook_url, webhook_token)]),
  ...(syslog === '' ? [] : [toSyslog(syslog)]),
]
