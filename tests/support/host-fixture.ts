import { join } from 'node:path'
import type { Collector } from '../../src/exporters/exporter.ts'
import { createSource, type Source } from '../../src/exporters/host/source.ts'
import { scrape, type Family } from './exposition.ts'
import { fixtures } from './host-config.ts'

/** Kernel files below a directory that holds `proc`, `sys`, `etc`. */
export const sourceBelow = (root: string): Source =>
  createSource({ proc: join(root, 'proc'), sys: join(root, 'sys'), root })

/** The recorded machine. */
export const recorded = sourceBelow(fixtures)

/** One scrape of some host collectors. */
export const page = (...collectors: Collector[]): Promise<Map<string, Family>> => scrape({ prefix: 'node', collectors })

/** Samples of a family by label set; empty if the family is not there. */
export const samples = (families: Map<string, Family>, name: string): Record<string, number> =>
  Object.fromEntries(families.get(name)?.samples ?? [])

/** The success flag of a collector. */
export const succeeded = (families: Map<string, Family>, collector: string): number | undefined =>
  families.get('node_scrape_collector_success')?.samples.get(`{collector="${collector}"}`)
