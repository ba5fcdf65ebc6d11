import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  tasks: counter(
    'node_kernel_hung_tasks_total',
    'Total number of tasks that have been detected as hung since the system booted.',
  ),
}

/** Hung tasks the kernel's watchdog has counted (kernel 6.13 and later). */
export function createKernelHung(source: Source): Collector<number> {
  return {
    name: 'kernel_hung',
    read: () => Number(source.proc('sys/kernel/hung_task_detect_count')),
    write: (tasks, out) => out.set(metrics.tasks, tasks),
  }
}
