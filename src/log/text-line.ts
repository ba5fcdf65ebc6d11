const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
const shownElsewhere = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err'])

/** A log line's JSON as text for people: time, level, message, the cause of an error, then the other fields. */
export function textLine(json: string): string {
  const line = JSON.parse(json)
  const fields = Object.entries(line).filter(([key]) => !shownElsewhere.has(key))
  const rest = fields.map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const cause = line.err?.message ? `: ${line.err.message}` : ''
  const time = new Date(line.time).toTimeString().slice(0, 8)
  return `${time} ${(levels[line.level] ?? '').padEnd(5)} ${line.msg ?? ''}${cause}${rest.join('')}\n`
}

/** Whether lines are written as text. */
export const asText = (format: string, isTerminal: boolean): boolean =>
  format === 'text' || (format === 'auto' && isTerminal)
