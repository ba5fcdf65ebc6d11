/** Why a panel may stay without data though nothing is broken. */
export interface Silence {
  readonly because: string
  /** Finds something exactly where the reason holds; where it finds nothing, the panel must speak. */
  readonly where: string
}

const forbidden: Silence = {
  because: 'the container forbids adjtimex, which cannot be forced',
  where: 'node_scrape_collector_success{collector="timex"} == 0',
}

/**
 * Panels about what this machine may lack and no recording or fault can bring about. By board and title; everything else
 * is filled: by the demonstration, by the recorded machine, or by a fault (see `live.ts`).
 */
export const maySayNothing: Readonly<Record<string, Readonly<Record<string, Silence>>>> = {
  host: {
    'Files by file system': {
      because: 'no file system here has a limit of files',
      where: 'absent(node_filesystem_files{fstype!~"tmpfs|ramfs|overlay|squashfs"} > 0)',
    },
    'Clock offset': forbidden,
    'Clock kept in step': forbidden,
  },
}

/** Boards about what the demonstration does not do, and the test that asks their queries. */
export const askedElsewhere: Readonly<Record<string, string>> = {
  load: 'k6 writes these series while it runs: tests/load/board.integration.test.ts',
}
