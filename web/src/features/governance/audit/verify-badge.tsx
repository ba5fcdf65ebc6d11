import { onCleanup, Show } from 'solid-js'
import type { AuditStatus } from '../../../../../src/features/governance/audit/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { useRealtime } from '../../../realtime/context.ts'
import { createActing } from '../../../ui/acting.ts'
import { Badge } from '../../../ui/badge.tsx'
import { FormError } from '../../../ui/form.tsx'
import { createLoaded } from '../../loaded.ts'
import { outcome } from '../../refusal-text.ts'
import { verifyText } from './verify-text.ts'

/** ms between two looks at how far the log was checked. */
const every = 30_000

/** How far the chain was checked, and the way to check all of it now. */
export function VerifyBadge() {
  const account = useAccount()
  const { now } = useRealtime()
  const loaded = createLoaded<AuditStatus>(() => '/api/governance/audit-logs/status')
  const timer = setInterval(() => document.hidden || loaded.reload(), every)
  onCleanup(() => clearInterval(timer))
  const acting = createActing()
  const verify = () =>
    void acting.run(async () =>
      outcome(await account.send<AuditStatus>('POST', '/api/governance/audit-logs/verify'), loaded.set),
    )
  const said = () => {
    const status = loaded.value()
    return status === undefined ? undefined : verifyText(status, now())
  }
  return (
    <div class="governance-buttons">
      <span role="status">
        <Show when={said()}>{(known) => <Badge tone={known().tone}>{known().text}</Badge>}</Show>
      </span>
      <button type="button" class="button" disabled={acting.busy() || !account.may('audit:verify')} onClick={verify}>
        {acting.busy() ? 'Verifying …' : 'Verify now'}
      </button>
      <FormError acting={acting} />
    </div>
  )
}
