import { limits } from '../limits.ts'
import { heat, more, row, time } from '../lib/panel.ts'
import { increase, quantile, query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { governance } = limits
const writing = 'aura_audit_write_seconds'

/** Writing the audit log, and keeping it safe. */
export const auditLog = row('Audit log', [
  time({
    title: 'Entries',
    unit: unit.perSecond,
    min: 0,
    w: 8,
    queries: [
      query('{{instance}} written', rate('aura_audit_entries_total')),
      query('{{instance}} not written', rate('aura_audit_failures_total')),
    ],
    shows: 'Entries added to the audit log, and those that could not be: what they would have told of was refused.',
    normal: 'Follows the people; none that could not be written.',
    act: 'See AuditWritesFail in the runbook.',
  }),
  time({
    title: 'Time to write',
    unit: unit.seconds,
    min: 0,
    w: 8,
    queries: [0.5, 0.95, 0.99].map((q) => quantile(`${q * 100} of 100`, q, writing, 'job')),
    empty: 'none',
    shows: 'Time to add to the audit log, waiting for its lock included: every change waits for it.',
    normal: 'Below 20 ms.',
    act: 'Board PostgreSQL: waiting sessions, disk. A long transaction may hold the lock of the log.',
  }),
  time({
    title: 'Age of check and checkpoint',
    unit: unit.duration,
    min: 0,
    w: 8,
    threshold: { bad: governance.verifiedAge },
    queries: [
      query('{{instance}} check', series('aura_audit_verified_age_seconds')),
      query('{{instance}} checkpoint', series('aura_audit_checkpoint_age_seconds')),
    ],
    empty: 'not yet',
    shows: 'Time since the chain was checked, and since the newest checkpoint was signed.',
    normal: 'Saw teeth of minutes. Checkpoints are only made where something was written.',
    act: 'A check that ages: AuditChainNotVerified in the runbook.',
  }),
])

/** What changes rarely, and files of other programs. */
export const governanceDetails = [
  more('People, roles and other programs', [
    time({
      title: 'Users',
      unit: unit.count,
      min: 0,
      w: 8,
      queries: [query('{{state}}', `sum by (state) (${series('aura_users')})`)],
      shows: 'Users by state.',
      normal: 'Steady; nobody invited for long.',
      act: 'Somebody locked: they were locked by hand; the audit log says by whom.',
    }),
    time({
      title: 'Roles and their holders',
      unit: unit.count,
      min: 0,
      w: 8,
      queries: [
        query('{{instance}} roles', series('aura_policy_roles')),
        query('{{instance}} assignments', series('aura_policy_assignments')),
      ],
      shows: 'Roles there are, and how often they were given to somebody and have not expired.',
      normal: 'Steady.',
      act: 'A step nobody expected: the audit log, action role.assign.',
    }),
    time({
      title: 'Changes of roles and rights',
      unit: unit.count,
      min: 0,
      w: 8,
      bars: true,
      queries: [query('{{instance}}', `delta(${series('aura_policy_version')}[$__rate_interval])`)],
      shows: 'How often roles, groups or who holds them were changed.',
      normal: 'Rarely.',
      act: 'The audit log, actions role and group, shows each with what it was before.',
    }),
    time({
      title: 'Lines of other programs',
      unit: unit.perSecond,
      min: 0,
      queries: [query('{{source}} {{state}}', `sum by (source, state) (${rate('aura_foreign_audit_lines_total')})`)],
      empty: 'no file of another program is followed',
      shows: 'Lines read from audit files of other programs; bad ones are no JSON.',
      normal: 'Follows those programs; none bad.',
      act: 'Bad lines: the file is no JSON lines; nothing any more: it was moved, or its rights changed.',
    }),
    time({
      title: 'Files of other programs',
      unit: unit.count,
      min: 0,
      queries: [query('{{instance}}', series('aura_foreign_audit_files'))],
      shows: 'Audit files that are followed.',
      normal: 'As many as `audit.foreign.sources` matches.',
      act: 'Fewer: the pattern matches no more, or Aura may not read them.',
    }),
    heat({
      title: 'All writes to the audit log',
      unit: unit.seconds,
      w: 24,
      queries: [
        {
          expr: `sum by (le) (${increase(`${writing}_bucket`)})`,
          legend: '{{le}}',
          exemplar: true,
        },
      ],
      empty: 'none',
      shows: 'How many entries took how long.',
      normal: 'A band below 10 ms.',
      act: 'A second band far above: something holds the lock of the log now and then.',
    }),
  ]),
]
