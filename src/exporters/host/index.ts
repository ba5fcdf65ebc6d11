import { ConfigError } from '../../errors.ts'
import type { Collector, ExporterDeps, ExporterFactory } from '../exporter.ts'
import { createArp } from './collectors/arp.ts'
import { createBcache } from './collectors/bcache.ts'
import { createBonding } from './collectors/bonding.ts'
import { createBtrfs } from './collectors/btrfs.ts'
import { createBuildInfo } from './collectors/build-info.ts'
import { createConntrack } from './collectors/conntrack.ts'
import { createCpuInfo } from './collectors/cpu-info.ts'
import { createCpu } from './collectors/cpu.ts'
import { createCpufreq } from './collectors/cpufreq.ts'
import { createDiskstats } from './collectors/diskstats.ts'
import { createDmi } from './collectors/dmi.ts'
import { createDrm } from './collectors/drm.ts'
import { createEdac } from './collectors/edac.ts'
import { createEntropy } from './collectors/entropy.ts'
import { createFibrechannel } from './collectors/fibrechannel.ts'
import { createFilefd } from './collectors/filefd.ts'
import { createFilesystem } from './collectors/filesystem.ts'
import { createHwmon } from './collectors/hwmon.ts'
import { createInfiniband } from './collectors/infiniband.ts'
import { createInterrupts } from './collectors/interrupts.ts'
import { createIpvs } from './collectors/ipvs.ts'
import { createKernelHung } from './collectors/kernel-hung.ts'
import { createLoadavg } from './collectors/loadavg.ts'
import { createMdadm } from './collectors/mdadm.ts'
import { createMeminfo } from './collectors/meminfo.ts'
import { createNetclass } from './collectors/netclass.ts'
import { createNetdev } from './collectors/netdev.ts'
import { createNetstat } from './collectors/netstat.ts'
import { createNetworkRoute } from './collectors/network-route.ts'
import { createNfs } from './collectors/nfs.ts'
import { createNfsd } from './collectors/nfsd.ts'
import { createNvme } from './collectors/nvme.ts'
import { createOs } from './collectors/os.ts'
import { createPcidevice } from './collectors/pcidevice.ts'
import { createPowersupplyclass } from './collectors/powersupplyclass.ts'
import { createPressure } from './collectors/pressure.ts'
import { createProcesses } from './collectors/processes.ts'
import { createRapl } from './collectors/rapl.ts'
import { createSchedstat } from './collectors/schedstat.ts'
import { createSelinux } from './collectors/selinux.ts'
import { createSockstat } from './collectors/sockstat.ts'
import { createSoftnet } from './collectors/softnet.ts'
import { createStat } from './collectors/stat.ts'
import { createSystemd } from './collectors/systemd.ts'
import { createTapestats } from './collectors/tapestats.ts'
import { createTcpstat } from './collectors/tcpstat.ts'
import { createTextfile } from './collectors/textfile.ts'
import { createThermalThrottle } from './collectors/thermal-throttle.ts'
import { createThermalZone } from './collectors/thermal-zone.ts'
import { createTime } from './collectors/time.ts'
import { createTimex } from './collectors/timex.ts'
import { createUdpQueues } from './collectors/udp-queues.ts'
import { createUname } from './collectors/uname.ts'
import { createVmstat } from './collectors/vmstat.ts'
import { createWatchdog } from './collectors/watchdog.ts'
import { createXfs } from './collectors/xfs.ts'
import { createZfs } from './collectors/zfs.ts'
import type { HostConfig } from './config.ts'
import { warnInContainer } from './lib/container.ts'
import { createPortable } from './portable.ts'
import { createSource, type Source } from './source.ts'

/** A collector that may hold something (children, connections) until the exporter ends. */
type HostCollector = Collector & { stop?(): void }

/** Collectors that run unless they are disabled. One line each. */
function usual(source: Source, config: HostConfig, deps: ExporterDeps): HostCollector[] {
  return [
    createArp(source, config),
    createBcache(source),
    createBonding(source),
    createBtrfs(source),
    createBuildInfo(),
    createConntrack(source),
    createCpu(source),
    createCpufreq(source),
    createDiskstats(source, config),
    createDmi(source),
    createEdac(source),
    createEntropy(source),
    createFibrechannel(source),
    createFilefd(source),
    createFilesystem(source, config),
    createHwmon(source),
    createInfiniband(source),
    createIpvs(source),
    createKernelHung(source),
    createLoadavg(source),
    createMdadm(source),
    createMeminfo(source),
    createNetclass(source, config),
    createNetdev(source, config),
    createNetstat(source, config),
    createNfs(source),
    createNfsd(source),
    createNvme(source),
    createOs(source),
    createPowersupplyclass(source),
    createPressure(source),
    createRapl(source),
    createSchedstat(source),
    createSelinux(source),
    createSockstat(source),
    createSoftnet(source),
    createStat(source, config),
    createSystemd(source),
    createTapestats(source),
    createTextfile(config.textfile_directory, deps.log),
    createThermalThrottle(source),
    createThermalZone(source),
    createTime(source),
    createTimex(),
    createUdpQueues(source),
    createUname(source),
    createVmstat(source, config),
    createWatchdog(source),
    createXfs(source),
    createZfs(source),
  ]
}

/** Collectors for systems without /proc and /sys. */
function elsewhere(config: HostConfig, deps: ExporterDeps): HostCollector[] {
  return [...createPortable(), createBuildInfo(), createTextfile(config.textfile_directory, deps.log)]
}

/** Collectors that run only if they are enabled by name, because they cost time or many series. One line each. */
function onRequest(source: Source, _config: HostConfig, _deps: ExporterDeps): HostCollector[] {
  return [
    createCpuInfo(source), //
    createDrm(source),
    createInterrupts(source),
    createNetworkRoute(source),
    createPcidevice(source),
    createProcesses(source),
    createTcpstat(source),
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
  const linux = usual(source, config, deps)
  const always = process.platform === 'linux' ? linux : elsewhere(config, deps)
  const extra = onRequest(source, config, deps)
  const known = [...new Set([...linux, ...always, ...extra].map((collector) => collector.name))].toSorted()
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
