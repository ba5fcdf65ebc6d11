import { ConfigError } from '../../errors.ts'
import type { Collector, ExporterDeps, ExporterFactory } from '../exporter.ts'
import { createArp } from './collectors/arp.ts'
import { createBuildInfo } from './collectors/build-info.ts'
import { createCpuInfo } from './collectors/cpu-info.ts'
import { createCpu } from './collectors/cpu.ts'
import { createDiskstats } from './collectors/diskstats.ts'
import { createFilefd } from './collectors/filefd.ts'
import { createFilesystem } from './collectors/filesystem.ts'
import { createLoadavg } from './collectors/loadavg.ts'
import { createMeminfo } from './collectors/meminfo.ts'
import { createNetclass } from './collectors/netclass.ts'
import { createNetdev } from './collectors/netdev.ts'
import { createNetstat } from './collectors/netstat.ts'
import { createNetworkRoute } from './collectors/network-route.ts'
import { createSockstat } from './collectors/sockstat.ts'
import { createStat } from './collectors/stat.ts'
import { createTime } from './collectors/time.ts'
import { createUname } from './collectors/uname.ts'
import { createVmstat } from './collectors/vmstat.ts'
import type { HostConfig } from './config.ts'
import { warnInContainer } from './lib/container.ts'
import { createSource, type Source } from './source.ts'

/** A collector that may hold something (children, connections) until the exporter ends. */
type HostCollector = Collector & { stop?(): void }

/** Collectors that run unless they are disabled. One line each. */
function usual(source: Source, config: HostConfig, _deps: ExporterDeps): HostCollector[] {
  return [
    createArp(source, config),
    createBuildInfo(),
    createCpu(source),
    createDiskstats(source, config),
    createFilefd(source),
    createFilesystem(source, config),
    createLoadavg(source),
    createMeminfo(source),
    createNetclass(source, config),
    createNetdev(source, config),
    createNetstat(source, config),
    createSockstat(source),
    createStat(source, config),
    createTime(source),
    createUname(source),
    createVmstat(source, config),
  ]
}

/** Collectors that run only if they are enabled by name, because they cost time or many series. One line each. */
function onRequest(source: Source, _config: HostConfig, _deps: ExporterDeps): HostCollector[] {
  return [
    createCpuInfo(source), //
    createNetworkRoute(source),
  ]
}

function refuseUnknown(key: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new ConfigError(`exporters.host.${key}: no collector ${JSON.stringify(unknown)}; there are ${known.join(', ')}`)
}

/** This machine's metrics, named as node_exporter names them. */
export const createHostExporter: ExporterFactory<HostConfig> = (config, deps) => {
  const source = createSource({ proc: config.proc_path, sys: config.sys_path, root: config.root_path })
  warnInContainer(source.roots, deps.log)
  const always = usual(source, config, deps)
  const extra = onRequest(source, config, deps)
  const known = [...always, ...extra].map((collector) => collector.name).toSorted()
  refuseUnknown('collectors_enabled', config.collectors_enabled, known)
  refuseUnknown('collectors_disabled', config.collectors_disabled, known)
  const asked = [...always, ...extra.filter(({ name }) => config.collectors_enabled.includes(name))]
  const collectors = asked.filter(({ name }) => !config.collectors_disabled.includes(name))
  return {
    prefix: 'node',
    collectors,
    async stop() {
      for (const collector of collectors) collector.stop?.()
      source.close()
    },
  }
}
