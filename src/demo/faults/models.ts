import type { Control } from '../ollama/control.ts'

/** Names of models that write, in the order in which they are installed; those that spill by themselves come last. */
export const smallest = (control: Control): readonly string[] =>
  control.installed().filter((name) => !name.includes('embed') && !name.includes('70b'))
