import type { Values } from '../card.ts'
import { attribute, quantity } from './files.ts'

/** Transfer rate per lane in GT/s -> PCIe generation. */
const generations = new Map([
  ['2.5', 1],
  ['5.0', 2],
  ['8.0', 3],
  ['16.0', 4],
  ['32.0', 5],
  ['64.0', 6],
])

/** `16.0 GT/s PCIe` -> 4. */
export const parseGeneration = (speed: string | undefined): number | undefined =>
  generations.get(speed?.split(' ', 1)[0] ?? '')

/** The PCIe link of a device. */
export async function readLink(device: string): Promise<Values> {
  return {
    pcieGeneration: parseGeneration(await attribute(`${device}/current_link_speed`)),
    pcieGenerationMax: parseGeneration(await attribute(`${device}/max_link_speed`)),
    pcieWidth: await quantity(`${device}/current_link_width`),
    pcieWidthMax: await quantity(`${device}/max_link_width`),
  }
}
