import { attribute, entries } from './files.ts'

/** A graphics card as the kernel's DRM subsystem lists it. */
export interface DrmCard {
  /** Number in `card<n>`. */
  readonly number: string
  /** Directory of the card, and of its device. */
  readonly path: string
  readonly device: string
  readonly driver: string
  readonly busId: string
  /** `73BF`, upper case; empty if not told. */
  readonly productId: string
}

/** Lines `KEY=value` of a uevent file. */
export function parseUevent(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
}

/** Cards under `class/drm` that one of the drivers runs; outputs (`card0-DP-1`) and render nodes are none. */
export async function drmCards(sysfs: string, drivers: readonly string[]): Promise<DrmCard[]> {
  const names = (await entries(`${sysfs}/class/drm`)).filter((name) => /^card\d+$/.test(name))
  const cards = await Promise.all(names.map((name) => drmCard(`${sysfs}/class/drm/${name}`, name.slice(4))))
  return cards.filter((card) => drivers.includes(card.driver))
}

async function drmCard(path: string, number: string): Promise<DrmCard> {
  const device = `${path}/device`
  const facts = parseUevent((await attribute(`${device}/uevent`)) ?? '')
  return {
    number,
    path,
    device,
    driver: facts.get('DRIVER') ?? '',
    busId: facts.get('PCI_SLOT_NAME')?.toLowerCase() ?? '',
    productId: facts.get('PCI_ID')?.split(':')[1]?.toUpperCase() ?? '',
  }
}

/** Whether the kernel has powered the device down. Asking for this does not wake it; any sensor would. */
export async function isSuspended(device: string): Promise<boolean> {
  const status = await attribute(`${device}/power/runtime_status`)
  return status === 'suspended' || status === 'suspending'
}
