import { capabilities, type Capability } from '../capabilities.ts'

/** Every capability in the order of the list; its place here is its bit. */
export const ordered: readonly Capability[] = Object.keys(capabilities) as Capability[]

const places: ReadonlyMap<string, number> = new Map(ordered.map((name, i) => [name, i]))

/** The bit of a capability; undefined for a name that is not on the list. */
export const placeOf = (name: string): number | undefined => places.get(name)

/** A set of capabilities. */
export type Bits = Uint32Array

export const noBits = (): Bits => new Uint32Array(Math.ceil(ordered.length / 32))

export function allBits(): Bits {
  const bits = noBits()
  for (let i = 0; i < ordered.length; i++) add(bits, i)
  return bits
}

export function add(bits: Bits, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31))
}

export const has = (bits: Bits, place: number): boolean => (((bits[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1

/** Adds all of `more` to `bits`. */
export function join(bits: Bits, more: Bits): void {
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) | (more[i] ?? 0)
}
