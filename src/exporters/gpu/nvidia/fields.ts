/** Reasons that slow the clocks down; the remaining ones (idle, a clock that was asked for) are no fault. */
export const throttleReasons = [
  'sw_power_cap',
  'hw_slowdown',
  'hw_thermal_slowdown',
  'hw_power_brake_slowdown',
  'sw_thermal_slowdown',
  'sync_boost',
] as const

/** Reasons for which newer drivers add up the time. */
export const countedReasons = throttleReasons.filter((reason) => reason !== 'hw_slowdown')

const words = (text: string): string[] => text.trim().split(/\s+/)

/** What `--query-gpu` is asked: identity, then all that a board or rule can use. Every driver lacks some of it. */
export const gpuFields: readonly string[] = [
  ...words(`
    index uuid name pci.bus_id serial driver_version vbios_version compute_cap
    pstate persistence_mode compute_mode display_active mig.mode.current gpu_recovery_action
    utilization.gpu utilization.memory utilization.encoder utilization.decoder utilization.jpeg utilization.ofa
    memory.total memory.used memory.free memory.reserved
    temperature.gpu temperature.gpu.tlimit temperature.memory fan.speed
    power.draw power.draw.average power.draw.instant power.limit enforced.power.limit
    power.default_limit power.min_limit power.max_limit
    clocks.current.graphics clocks.current.sm clocks.current.memory clocks.current.video
    clocks.max.graphics clocks.max.sm clocks.max.memory
    pcie.link.gen.current pcie.link.gen.max pcie.link.width.current pcie.link.width.max
    ecc.mode.current ecc.errors.corrected.volatile.total ecc.errors.corrected.aggregate.total
    ecc.errors.uncorrected.volatile.total ecc.errors.uncorrected.aggregate.total
    retired_pages.single_bit_ecc.count retired_pages.double_bit.count retired_pages.pending
    remapped_rows.correctable remapped_rows.uncorrectable remapped_rows.pending remapped_rows.failure
    clocks_event_reasons.active clocks_event_reasons.gpu_idle clocks_event_reasons.applications_clocks_setting
  `),
  ...throttleReasons.map((reason) => `clocks_event_reasons.${reason}`),
  ...countedReasons.map((reason) => `clocks_event_reasons_counters.${reason}`),
]

/** The process name comes last, because it may contain the separator. */
export const appFields: readonly string[] = ['gpu_uuid', 'pid', 'used_gpu_memory', 'process_name']

const rejection = /Field "([^"]+)" is not a valid field to query/

/** The field that nvidia-smi refused, if it refused one. It names only the first. */
export const rejectedField = (said: string): string | undefined => rejection.exec(said)?.[1]

/** The names that `--help-query-gpu` lists, aliases included (`"name" or "gpu_name"`). */
export function parseHelp(text: string): ReadonlySet<string> {
  const names = text.split('\n').flatMap((line) => {
    if (!/^"[^" ]+"(?: or "[^" ]+")*\s*$/.test(line)) return []
    return [...line.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
  })
  return new Set(names)
}

/** The same fields for a driver that knows only `valid`: old spellings where there is one, the rest left out. */
export function fieldsFor(valid: ReadonlySet<string>, fields: readonly string[]): string[] {
  return fields.flatMap((field) => {
    if (valid.has(field)) return [field]
    const old = field.replace('clocks_event_reasons.', 'clocks_throttle_reasons.')
    return valid.has(old) ? [old] : []
  })
}
