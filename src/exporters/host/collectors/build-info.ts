import packageJson from '../../../../package.json' with { type: 'json' }
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'

const labels = ['branch', 'goarch', 'goos', 'goversion', 'revision', 'version']

export const metrics = {
  info: gauge(
    'node_exporter_build_info',
    "A metric with a constant '1' value labeled by version, revision, branch, goversion from which node_exporter was built, and the goos and goarch for the build.",
    ...labels,
  ),
}

const goNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', win32: 'windows' }

/** The series that boards ask for the exporter's version; told with node_exporter's labels, though this is Aura on Node. */
export function createBuildInfo(): Collector<string> {
  const { arch, platform, version } = process
  return {
    name: 'build_info',
    read: () => packageJson.version,
    write(ours, out) {
      out.set(
        metrics.info,
        1,
        'aura',
        goNames[arch] ?? arch,
        goNames[platform] ?? platform,
        `node-${version}`,
        '',
        ours,
      )
    },
  }
}
