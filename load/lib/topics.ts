/** Live topics and their class: of state only the newest value counts, of the others every message. */
export const classes: Readonly<Record<string, 'alert' | 'event' | 'state'>> = {
  system: 'state',
  database: 'state',
  models: 'state',
  alerts: 'state',
  audit: 'event',
  security: 'alert',
}

export const topics: readonly string[] = Object.keys(classes)

export const classOf = (topic: string): string => classes[topic] ?? 'state'
