import { attribute, entries, quantity } from './files.ts'

/** Sensors of one device, in base units. */
export interface Sensors {
  /** Label in lower case (`edge`, `junction`, `mem`, `pkg`, `vram`), or `temp1` for a sensor without one -> °C. */
  readonly temperatures: ReadonlyMap<string, number>
  readonly power: number | undefined
  readonly powerLimit: number | undefined
  readonly energy: number | undefined
  readonly fanSpeed: number | undefined
  readonly fanRatio: number | undefined
  /** Label (`sclk`, `mclk`) -> Hz. */
  readonly frequencies: ReadonlyMap<string, number>
}

/** Reads the hwmon directory below a device; undefined if it has none. */
export async function readSensors(device: string): Promise<Sensors | undefined> {
  const [name] = await entries(`${device}/hwmon`)
  if (name === undefined) return undefined
  const path = `${device}/hwmon/${name}`
  const files = await entries(path)
  const micro = (file: string): Promise<number | undefined> =>
    files.includes(file) ? quantity(`${path}/${file}`, 1e6) : Promise.resolve(undefined)
  const pwm = files.includes('pwm1') ? await quantity(`${path}/pwm1`, 255) : undefined
  return {
    temperatures: await labelled(path, files, 'temp', 1000),
    power: (await micro('power1_average')) ?? (await micro('power1_input')),
    powerLimit: (await micro('power1_cap')) ?? (await micro('power1_max')),
    energy: await micro('energy1_input'),
    fanSpeed: files.includes('fan1_input') ? await quantity(`${path}/fan1_input`) : undefined,
    fanRatio: pwm,
    frequencies: await labelled(path, files, 'freq', 1),
  }
}

async function labelled(
  path: string,
  files: readonly string[],
  kind: string,
  divisor: number,
): Promise<ReadonlyMap<string, number>> {
  const sensors = files
    .filter((file) => file.startsWith(kind) && file.endsWith('_input'))
    .map((file) => file.slice(0, -6))
  const found = await Promise.all(
    sensors.map(async (sensor) => {
      const value = await quantity(`${path}/${sensor}_input`, divisor)
      const label = await attribute(`${path}/${sensor}_label`)
      return value === undefined ? [] : [[(label ?? sensor).toLowerCase(), value] as const]
    }),
  )
  return new Map(found.flat())
}
