import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { whenTabGone } from '../../web/src/realtime/tab-lock.ts'

it.skipIf(navigator.locks === undefined)(
  'a tab whose lock is granted only after it was heard is not taken for gone, and is when it ends',
  async () => {
    let gone = 0
    whenTabGone('late', () => gone++)
    await sleep(150)
    expect(gone).toBe(0)
    const life = Promise.withResolvers<void>()
    const held = navigator.locks.request('aura-tab-late', () => life.promise)
    await sleep(400)
    expect(gone).toBe(0)
    life.resolve()
    await held
    await expect.poll(() => gone, { timeout: 5000 }).toBe(1)
  },
)
