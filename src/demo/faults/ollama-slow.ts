import type { Fault } from './fault.ts'

/** Late, but not so late that anybody gives up. */
export const ollamaSlow: Fault = {
  about: 'Ollama answers everything 1.2 seconds late',
  alerts: [],
  panels: ['prometheus: Slowest collectors', 'prometheus: Duration of scrapes'],
  start: async ({ ollama: { control } }) => control.faults.hold({ kind: 'slow', ms: 1200 }),
}
