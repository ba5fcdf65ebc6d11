import { For } from 'solid-js'
import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { quantity } from '../../ui/format.ts'
import { Stat } from '../../ui/stat.tsx'

const parts = [
  ['Total', 'total'],
  ['Used', 'used'],
  ['Available', 'available'],
  ['Buffers', 'buffers'],
  ['Cached', 'cached'],
  ['Swap, total', 'swapTotal'],
  ['Swap, used', 'swapUsed'],
] as const

/** Memory and swap in numbers. */
export function MemoryParts(props: { readonly memory: SystemMetrics['memory'] }) {
  return (
    <div class="stats">
      <For each={parts}>{([label, key]) => <Stat label={label} value={quantity.bytes(props.memory[key])} />}</For>
    </div>
  )
}
