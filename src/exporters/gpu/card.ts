/** What is known of one graphics card, whoever made it. Values are in base units; what is not known is absent. */
export interface Card {
  readonly vendor: Vendor
  /** nvidia-smi's index, or the number of the DRM card. */
  readonly gpu: string
  /** The vendor's own identifier; the PCI address where there is none. */
  readonly uuid: string
  readonly name: string
  /** As the kernel writes it, `0000:01:00.0`, so that it joins with other families. */
  readonly busId: string
  /** Kernel driver, and its version where it has one of its own. */
  readonly driver: string
  readonly driverVersion: string
  readonly firmware: string
  /** Powered down by the kernel; its sensors were left alone, because reading them would wake it. */
  readonly suspended: boolean
  readonly values: Values
  readonly clocks: Readonly<Record<string, number | undefined>>
  readonly maxClocks: Readonly<Record<string, number | undefined>>
  /** Reason -> whether it slows the clocks at this moment. */
  readonly throttle: Readonly<Record<string, number | undefined>>
  /** Reason -> seconds it has slowed the clocks so far. */
  readonly throttled: Readonly<Record<string, number | undefined>>
  readonly ecc: readonly EccCount[]
}

export type Vendor = 'nvidia' | 'amd' | 'intel'

export interface EccCount {
  readonly severity: 'corrected' | 'uncorrected'
  /** `volatile` counts since the driver was loaded, `aggregate` over the life of the card. */
  readonly scope: 'volatile' | 'aggregate'
  readonly count: number | undefined
}

export interface Values {
  readonly utilization?: number | undefined
  readonly memoryUtilization?: number | undefined
  readonly encoderUtilization?: number | undefined
  readonly decoderUtilization?: number | undefined
  readonly memoryUsed?: number | undefined
  readonly memoryFree?: number | undefined
  readonly memoryReserved?: number | undefined
  readonly memoryTotal?: number | undefined
  readonly sharedMemoryUsed?: number | undefined
  readonly sharedMemoryTotal?: number | undefined
  readonly temperature?: number | undefined
  readonly hotspotTemperature?: number | undefined
  readonly memoryTemperature?: number | undefined
  readonly power?: number | undefined
  readonly powerLimit?: number | undefined
  readonly energy?: number | undefined
  readonly fanRatio?: number | undefined
  readonly fanSpeed?: number | undefined
  readonly performanceState?: number | undefined
  readonly pcieGeneration?: number | undefined
  readonly pcieGenerationMax?: number | undefined
  readonly pcieWidth?: number | undefined
  readonly pcieWidthMax?: number | undefined
  readonly migEnabled?: number | undefined
}

/** A process that holds memory of a card. */
export interface GpuProcess {
  readonly vendor: Vendor
  readonly gpu: string
  readonly uuid: string
  readonly pid: string
  readonly name: string
  /** The Ollama model this process serves; empty if it is no Ollama runner or its model is not known. */
  readonly model: string
  readonly memory: number | undefined
}
