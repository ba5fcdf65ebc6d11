import type { EventFeature } from '../feature.ts'
import { approvalRoutes, type ApprovalDeps } from './approvals/routes.ts'
import { alertRoutes } from './audit/alert-routes.ts'
import { exportRoute } from './audit/export-route.ts'
import { auditRoutes, type AuditDeps } from './audit/routes.ts'
import { codeRoutes } from './code/routes.ts'
import { credentialRoutes } from './credentials/routes.ts'
import type { GovernanceDeps } from './deps.ts'
import { assignmentRoutes } from './people/assignments.ts'
import { groupRoutes } from './people/groups.ts'
import { userStateRoutes } from './people/user-states.ts'
import { userRoutes } from './people/users.ts'
import { roleRoutes } from './roles/routes.ts'
import { separationRoutes } from './roles/separations.ts'
import { publish, topics, type Sources } from './topics.ts'
import { whyRoute } from './why.ts'

export type GovernanceOptions = GovernanceDeps & ApprovalDeps & AuditDeps & Sources

/** Who may do what, what waits for a second person, and what happened: REST, and four live topics. */
export function createGovernance(options: GovernanceOptions): EventFeature {
  return {
    topics,
    routes(app) {
      roleRoutes(app, options)
      codeRoutes(app, options)
      separationRoutes(app, options)
      groupRoutes(app, options)
      assignmentRoutes(app, options)
      whyRoute(app, options)
      userRoutes(app, options)
      userStateRoutes(app, options)
      credentialRoutes(app, options)
      approvalRoutes(app, options)
      auditRoutes(app, options)
      exportRoute(app, options)
      alertRoutes(app, options)
    },
    follow: (publisher) => publish(publisher, options),
  }
}
