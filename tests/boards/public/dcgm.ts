/** Names of metrics that board 12239, "NVIDIA DCGM Exporter Dashboard", asks for, and the labels it chooses by. */
export const dcgm: readonly string[] = [
  'DCGM_FI_DEV_GPU_TEMP',
  'DCGM_FI_DEV_POWER_USAGE',
  'DCGM_FI_DEV_SM_CLOCK',
  'DCGM_FI_DEV_GPU_UTIL',
  'DCGM_FI_DEV_FB_USED',
  'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE',
]

/** Names that nvidia-smi has no field for: absent, since a zero would say that the cards do nothing. */
export const notInSmi: Readonly<Record<string, RegExp>> = {
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: /tensor/i,
}
