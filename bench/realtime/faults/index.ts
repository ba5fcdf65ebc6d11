import type { Section } from '../section.ts'
import { f12 } from './churn.ts'
import { f17, networkBack } from './console.ts'
import { f10, f15, f8, f9 } from './crowds.ts'
import { f3, f4, fragments } from './hostile.ts'
import { f1, f2 } from './readers.ts'
import { both, byTests } from './tests.ts'

const folder = 'tests/realtime'

/** The failure tests, each under its number. */
export const faults: Readonly<Record<string, Section>> = {
  F1: f1,
  F2: f2,
  F3: f3,
  F4: f4,
  F5: byTests('F5 bad commands: the right code, nothing internal', [`${folder}/bad-input.test.ts`, `${folder}/transports/bad-input.test.ts`]), // prettier-ignore
  F6: both(byTests('F6 bad frames: the right code', [`${folder}/transports/rfc6455.test.ts`], '100[27]'), fragments),
  F7: byTests('F7 RFC 6455, case by case', [`${folder}/transports/rfc6455.test.ts`]),
  F8: both(f8, byTests('F8 restart with PostgreSQL: nothing lost, nothing twice', [`${folder}/alert-log-restart.integration.test.ts`])), // prettier-ignore
  F9: f9,
  F10: f10,
  F11: byTests('F11 what cannot be recovered is said, never partial', [`${folder}/recovery.test.ts`, `${folder}/clock-jump.test.ts`, `${folder}/transports/poll.test.ts`, `${folder}/delivery.property.test.ts`]), // prettier-ignore
  F12: f12,
  F15: f15,
  F16: byTests('F16 rights that end while connected', [`${folder}/revocation.test.ts`]),
  F17: both(
    f17,
    byTests('F17 same cursor, nothing lost', ['tests/web/session.test.ts', 'tests/web/poll-link.test.ts']),
  ),
  F18: both(networkBack, byTests('F18 tabs that share one socket', ['tests/web/election.test.ts', 'tests/web/room.test.ts'])), // prettier-ignore
}
