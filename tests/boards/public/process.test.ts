import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { processMetrics } from '../../../src/metrics-server/process-metrics.ts'
import { parseExposition } from '../../support/exposition.ts'
import { exporterProcess } from './postgresql.ts'

test.skipIf(!existsSync('/proc/self/stat'))('boards 1860 and 9628 find the process that exports', () => {
  const page = parseExposition(processMetrics())
  expect(exporterProcess.filter((name) => !page.has(name))).toEqual([])
})
