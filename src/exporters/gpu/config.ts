import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

export const gpuConfig = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Publish GPU metrics.' }),
  nvidia_smi: Type.String({
    default: 'nvidia-smi',
    minLength: 1,
    description:
      'The nvidia-smi program: a name looked up on PATH or a path; may carry arguments, with double quotes around those that contain spaces.',
  }),
  poll_interval: duration(
    '5s',
    'Time between two polls of nvidia-smi, whatever the scrape rate. A poll asks for cards, then for processes (and for MIG instances where there are any), one call at a time.',
  ),
  poll_timeout: duration('4s', 'Deadline of one poll of nvidia-smi; then its process group is killed.'),
  max_age: duration('15s', 'Values older than this are no longer published when nvidia-smi stops answering.'),
  idle_pause: duration('2m', 'nvidia-smi is no longer polled when nobody has scraped for this long.'),
  recheck_interval: duration('1m', 'Time between two looks for an NVIDIA GPU on a machine that has none.'),
  extra_fields: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_.]+$' }), {
    default: [],
    description: 'Further fields to ask nvidia-smi for (see --help-query-gpu); each numeric one becomes nvidia_smi_*.',
  }),
  dcgm_names: Type.Boolean({ default: true, description: 'Publish NVIDIA values under the DCGM_FI_DEV_* names too.' }),
  nvidia_smi_names: Type.Boolean({
    default: true,
    description: 'Publish NVIDIA values under the nvidia_smi_* names too.',
  }),
  amdgpu_ids: Type.String({
    default: '/usr/share/libdrm/amdgpu.ids',
    description: 'List of the names of AMD cards, as libdrm installs it.',
  }),
  procfs: Type.String({ default: '/proc', description: 'Where the proc file system is mounted.' }),
  sysfs: Type.String({ default: '/sys', description: 'Where the sys file system is mounted.' }),
})

export type GpuConfig = Static<typeof gpuConfig>
