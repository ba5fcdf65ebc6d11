import { readFile } from 'node:fs/promises'

/** `73BF`, `C1` -> `AMD Radeon RX 6800 XT`; undefined if the list does not know the card or is not installed. */
export type AmdNames = (productId: string, revision: string) => Promise<string | undefined>

/** One line of libdrm's amdgpu.ids: `73BF,\tC1,\tAMD Radeon RX 6800 XT`. */
export function findAmdName(list: string, productId: string, revision: string): string | undefined {
  for (const line of list.split('\n')) {
    const [id, rev, ...name] = line.split(',').map((part) => part.trim())
    if (id === productId && rev === revision && name.length > 0) return name.join(', ')
  }
  return undefined
}

/** Looks each card up once: neither the list nor the card changes while it is in the machine. */
export function createAmdNames(path: string): AmdNames {
  const names = new Map<string, Promise<string | undefined>>()
  return (productId, revision) => {
    const key = `${productId} ${revision}`
    let name = names.get(key)
    if (name === undefined) {
      // The list comes with the graphics libraries, which a server may lack.
      const list = readFile(path, 'utf8').catch(() => '')
      names.set(key, (name = list.then((text) => findAmdName(text, productId, revision))))
    }
    return name
  }
}
