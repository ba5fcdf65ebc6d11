import { hostname } from 'node:os'
import { parseDuration } from '../../lib/duration.ts'
import type { Collector, ExporterFactory } from '../exporter.ts'
import type { GpuConfig } from './config.ts'
import { createModelOfProcess, type ModelOfBlob } from './model.ts'
import { createNvidia, nvidiaStatus } from './nvidia/collector.ts'
import { usualPath } from './nvidia/program.ts'
import { createQuery } from './nvidia/query.ts'
import { createRun, type Run } from './nvidia/run.ts'
import { writeSelf } from './nvidia/smi.ts'
import { createPoller } from './poller.ts'
import { writeStatus, type Status } from './status.ts'
import { readAmd } from './sysfs/amd.ts'
import { createAmdNames } from './sysfs/amd-names.ts'
import { createSysfsSource } from './sysfs/collector.ts'
import { readIntel } from './sysfs/intel.ts'
import { readKfdProcesses } from './sysfs/kfd.ts'

/** What the composition root lends to this exporter. */
export interface GpuLinks {
  /** The PATH to search for nvidia-smi; the usual directories if not given. */
  readonly searchPath?: string | undefined
  /** Which Ollama model lies in a blob, as last read from Ollama. Without it processes have no model. */
  readonly modelOfBlob?: ModelOfBlob | undefined
  /** Name of this machine for the DCGM labels; the system's own if not given. */
  readonly hostname?: string | undefined
  /** Stands in for starting nvidia-smi. */
  readonly run?: Run | undefined
}

/** NVIDIA cards by nvidia-smi, AMD and Intel cards by the sys file system. */
export const createGpuExporter: ExporterFactory<GpuConfig & GpuLinks> = (options) => {
  const { searchPath = usualPath, procfs, sysfs } = options
  const [interval, timeout] = [parseDuration(options.poll_interval), parseDuration(options.poll_timeout)]
  // Below this, good values would vanish between two polls.
  const maxAge = Math.max(parseDuration(options.max_age), interval + timeout)
  const run = options.run ?? createRun(options.nvidia_smi, searchPath)
  const modelOf = createModelOfProcess(procfs, options.modelOfBlob)
  const names = createAmdNames(options.amdgpu_ids)
  const query = createQuery(run, modelOf, options.extra_fields, timeout)
  const poller = createPoller(query, {
    interval,
    maxAge,
    idle: parseDuration(options.idle_pause),
    recheck: parseDuration(options.recheck_interval),
  })
  const amd = createSysfsSource('amd', async () => {
    const cards = await readAmd(sysfs, names)
    return { cards, processes: cards.length === 0 ? [] : await readKfdProcesses(sysfs, procfs, cards, modelOf) }
  })
  const intel = createSysfsSource('intel', async () => ({ cards: await readIntel(sysfs), processes: [] }))
  const state: Collector<{ memory: Awaited<ReturnType<typeof poller.ask>>; others: Status[] }> = {
    name: 'state',
    async read() {
      const [memory, ...others] = await Promise.all([poller.ask(), amd.status(), intel.status()])
      return { memory, others }
    },
    write({ memory, others }, out) {
      for (const status of [nvidiaStatus(memory, Date.now(), maxAge), ...others]) writeStatus(status, out)
      if (options.nvidia_smi_names && memory.fault?.reason !== 'not_found') writeSelf(memory, out)
    },
  }
  return {
    prefix: 'gpu',
    collectors: [
      createNvidia(poller, maxAge, {
        hostname: options.hostname ?? hostname(),
        dcgm: options.dcgm_names,
        smi: options.nvidia_smi_names,
      }),
      amd.collector,
      intel.collector,
      state,
    ],
    stop: () => poller.stop(),
  }
}
