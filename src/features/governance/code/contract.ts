import { Type, type Static } from 'typebox'

// Roles as code: the whole policy, users' names apart, as one YAML file. `GET /api/governance/roles.yaml` is that file.

/** `POST /roles/plan` -> RolesPlan: what applying would change; changes nothing. */
export const RolesFile = Type.Object({ yaml: Type.String({ maxLength: 1_000_000 }) })

/** `POST /roles/apply` -> RolesPlan: all of it or nothing. `policyVersion`: of the plan that was shown, or a conflict. */
export const RolesApply = Type.Object({ ...RolesFile.properties, policyVersion: Type.Integer() })

export const RolesPlan = Type.Object({
  policyVersion: Type.Integer(),
  /** What is wrong with the file; then there are no changes. */
  errors: Type.Array(Type.String()),
  changes: Type.Array(
    Type.Object({
      op: Type.Enum(['create', 'update', 'delete']),
      /** `role`, `assignment`, `separation`, `group`. */
      kind: Type.String(),
      id: Type.String(),
      before: Type.Optional(Type.Unknown()),
      after: Type.Optional(Type.Unknown()),
    }),
  ),
})

export type RolesFile = Static<typeof RolesFile>
export type RolesApply = Static<typeof RolesApply>
export type RolesPlan = Static<typeof RolesPlan>
