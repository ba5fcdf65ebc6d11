/** What PostgreSQL's last words mean for whoever started Aura. Each entry: a pattern and the advice for it. */
const advice: readonly (readonly [RegExp, (directory: string) => string])[] = [
  [
    /No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/i,
    (directory) => `no space left for ${directory}: free some disk space and start again. Nothing was deleted`,
  ],
  [
    /incompatible with server|initialized by PostgreSQL version/i,
    (directory) =>
      `the data in ${directory} was written by another version of PostgreSQL: set AURA_DATABASE_URL to a server of that version, or dump and load. Nothing was changed`,
  ],
  [
    /could not look up effective user ID/,
    () =>
      'PostgreSQL needs its user to have a name, and the user id that Aura runs as has no entry in /etc/passwd: add one, run as another user, or set AURA_DATABASE_URL',
  ],
  [
    /configuration file ".*" contains errors/,
    (directory) => `a setting that was changed by hand in ${directory} is wrong: mend it and start again`,
  ],
  [
    /could not map anonymous shared memory|Cannot allocate memory|out of memory/i,
    () => 'there is not enough memory for the embedded PostgreSQL: free some, or set AURA_DATABASE_URL',
  ],
  [
    /shared memory block .* still in use|lock file ".*" already exists/i,
    (directory) => `another PostgreSQL still uses ${directory}: end it and start again`,
  ],
  [
    /Permission denied|wrong ownership|invalid permissions/i,
    (directory) => `the embedded PostgreSQL may not use ${directory}: mend the owner and mode of it and all in it`,
  ],
  [
    /could not (read|open|locate|find|access)|invalid|checksum|corrupt|PANIC|not found|does not exist|unexpected/i,
    (directory) =>
      `the data in ${directory} is damaged: restore a backup, or move the directory away to start with an empty database. Nothing was changed`,
  ],
]

const severity = /\b(FATAL|PANIC|error):\s*(.*)$/
/** Which setting it was is said in a line of its own before. */
const settingMistake =
  /^LOG: +(syntax error|unrecognized|invalid|parameter|could not open configuration)|requires a|out of range/
/** Written by every client that comes too early or too late: never the reason why a start failed. */
const harmless = /the database system is (starting up|shutting down|not yet accepting connections)/

/** The first severe line of the server's (or initdb's) output, without its prefix. */
export function severeLine(lines: readonly string[]): string | undefined {
  for (const line of lines)
    if (severity.test(line) && !harmless.test(line)) return line.replace(/^.*?(?=(FATAL|PANIC|error):)/, '')
  return undefined
}

/** One line for a start that failed: what is wrong, what to do, and PostgreSQL's own words. */
export function explainFailure(lines: readonly string[], directory: string): string {
  const severe = severeLine(lines) ?? lines.at(-1) ?? 'it said nothing'
  const mistake = severe.includes('contains errors') ? lines.find((line) => settingMistake.test(line)) : undefined
  const quote = mistake === undefined ? severe : `${severe}; ${mistake}`
  const text = lines.filter((line) => !harmless.test(line)).join('\n')
  const found = advice.find(([pattern]) => pattern.test(quote)) ?? advice.slice(0, 3).find(([p]) => p.test(text))
  const what = found?.[1](directory) ?? `the embedded PostgreSQL in ${directory} did not start`
  return `${what} (PostgreSQL says: ${quote})`
}

/** Whether it failed only because the port was taken meanwhile. */
export function isPortTaken(lines: readonly string[]): boolean {
  return lines.some((line) => /could not bind|Address already in use|could not create any TCP\/IP sockets/.test(line))
}
