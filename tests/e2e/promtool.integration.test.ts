import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { findFreePort } from '../../src/lib/free-port.ts'
import { runAura } from '../support/aura.ts'
import { installed } from '../support/programs.ts'

const promtool = installed('promtool check metrics on every page', 'promtool')

/**
 * Names that node_exporter, postgres_exporter and dcgm-exporter gave, against the naming rules, and that boards ask
 * for. promtool says the same of the originals.
 */
const inherited =
  /^(node_memory_|node_netstat_|node_entropy_(available|pool_size)_bits |pg_locks_count |pg_settings_|pg_stat_activity_count |pg_stat_archiver_|pg_stat_database_|pg_stat(io)?_user_tables_|DCGM_FI_DEV_)/

test.runIf(promtool)(
  'promtool finds nothing wrong but names that the ecosystem fixed',
  { timeout: 90_000 },
  async () => {
    const env = {
      AURA_PROMETHEUS_ENABLED: 'false',
      AURA_ALERTMANAGER_ENABLED: 'false',
      AURA_DATABASE_EMBEDDED_PORT: String(await findFreePort(25_432)),
    }
    await using demo = runAura(['demo'], env)
    const [, url = ''] = await demo.until(/metrics +(http:\S+)\/metrics /, 60_000)
    for (const path of ['', '/host', '/gpu', '/postgres', '/ollama', '/all']) {
      const response = await fetch(`${url}/metrics${path}`)
      expect(response.status, path).toBe(200)
      const { stderr, stdout } = spawnSync(promtool ?? '', ['check', 'metrics'], {
        input: await response.text(),
        encoding: 'utf8',
      })
      const complaints = (stdout + stderr).split('\n').filter((line) => line !== '' && !inherited.test(line))
      expect(complaints, path).toEqual([])
    }
  },
)
