import { Groups } from './groups.tsx'
import { Assignments } from './assignments.tsx'
import { Users } from './users.tsx'

/** Users, groups, and who holds which role. */
export function Page() {
  return (
    <div class="governance-page">
      <h1>People</h1>
      <Users />
      <Groups />
      <Assignments />
    </div>
  )
}
