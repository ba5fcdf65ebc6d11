import { isCapability } from '../capabilities.ts'
import { type Part, readParts } from './file-reader.ts'
import { isScope } from './scope.ts'
import type { Rule, Separation } from './types.ts'

interface Placed {
  readonly line: number
}

export interface FileRole extends Placed {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly parent: string | undefined
  readonly trust: number
  readonly rules: readonly Rule[]
}

export interface FileGroup extends Placed {
  readonly name: string
  readonly members: readonly (Placed & { readonly user: string })[]
}

export interface FileAssignment extends Placed {
  readonly kind: 'user' | 'group'
  /** Sign-in name or address of a user, `id:…`, or the name of a group. */
  readonly who: string
  readonly role: string
  readonly scope: string
  readonly expiresAt: number | undefined
}

export interface FileSeparation extends Placed, Omit<Separation, 'id'> {}

/** Roles as code. A section that is undefined is not the file's business. */
export interface RolesFile {
  /**
   * `listed`: nothing is removed but assignments that an earlier version of the file made. `all`: in the sections that
   * are there, whatever the file does not name is removed, shipped roles excepted.
   */
  readonly managed: 'listed' | 'all'
  readonly roles: readonly FileRole[] | undefined
  readonly groups: readonly FileGroup[] | undefined
  readonly assignments: readonly FileAssignment[] | undefined
  readonly separations: readonly FileSeparation[] | undefined
}

/** `models:delete`, or `models:delete on model:llama*`. */
function ruleOf(part: Part, effect: Rule['effect']): Rule[] {
  const [capability = '', scope = '*', ...rest] = part.text().split(' on ')
  if (!isCapability(capability)) part.fail(`: there is no capability ${JSON.stringify(capability)}`)
  else if (!isScope(scope) || rest.length > 0) part.fail(`: ${JSON.stringify(scope)} is not a scope`)
  else return [{ capability, effect, scope }]
  return []
}

function roleOf(id: string, part: Part): FileRole {
  const members = part.map(['name', 'description', 'parent', 'trust', 'allow', 'deny'])
  if (id === 'owner') part.fail(' is what it is: it holds everything, and a file does not change it')
  const trust = members.get('trust')
  if (trust === undefined) part.fail(' must say its trust, 0 to 100')
  const rules = (effect: Rule['effect']): Rule[] =>
    members
      .get(effect)
      ?.list()
      .flatMap((each) => ruleOf(each, effect)) ?? []
  return {
    line: part.line,
    id,
    name: members.get('name')?.text() ?? id,
    description: members.get('description')?.text() ?? '',
    parent: members.get('parent')?.text(),
    trust: trust?.number() ?? 0,
    rules: [...rules('allow'), ...rules('deny')],
  }
}

const groupOf = (name: string, part: Part): FileGroup => ({
  line: part.line,
  name,
  members: part.list().map((each) => ({ line: each.line, user: each.text() })),
})

function timeOf(part: Part): number | undefined {
  const text = part.text()
  const at = Date.parse(text)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(at))
    return at
  part.fail(' must be a time with its zone, such as 2027-01-31T18:00:00Z')
  return undefined
}

function assignmentOf(part: Part): FileAssignment {
  const members = part.map(['user', 'group', 'role', 'scope', 'expires'])
  const [user, group, role, scope, expires] = ['user', 'group', 'role', 'scope', 'expires'].map((key) =>
    members.get(key),
  )
  if ((user === undefined) === (group === undefined)) part.fail(' must name a user or a group')
  if (role === undefined) part.fail(' must name a role')
  return {
    line: part.line,
    kind: user === undefined ? 'group' : 'user',
    who: (user ?? group)?.text() ?? '',
    role: role?.text() ?? '',
    scope: scope?.text() ?? '*',
    expiresAt: expires === undefined ? undefined : timeOf(expires),
  }
}

function separationOf(name: string, part: Part): FileSeparation {
  const members = part.map(['kind', 'members', 'max'])
  const kind = members.get('kind')?.text() ?? 'static'
  if (kind !== 'static' && kind !== 'dynamic') members.get('kind')?.fail(' is static or dynamic')
  return {
    line: part.line,
    name,
    kind: kind === 'dynamic' ? 'dynamic' : 'static',
    members:
      members
        .get('members')
        ?.list()
        .map((each) => each.text()) ?? [],
    max: members.get('max')?.number() ?? 1,
  }
}

function named<T>(part: Part | undefined, make: (name: string, part: Part) => T): T[] | undefined {
  return part && Array.from(part.map(), ([name, each]) => make(name, each))
}

/** Reads roles as code. `errors` has a line for everything that is wrong, with its line number; then `file` is undefined. */
export async function parseRolesFile(
  text: string,
): Promise<{ readonly file: RolesFile | undefined; readonly errors: readonly string[] }> {
  const { root, errors } = await readParts(text)
  if (errors.length > 0) return { file: undefined, errors }
  const sections = root.map(['version', 'managed', 'roles', 'groups', 'assignments', 'separations'])
  const version = sections.get('version')
  if (version === undefined) root.fail(' must begin with version: 1')
  else if (version.number() !== 1) version.fail(' 1 is the only one known')
  const managed = sections.get('managed')?.text() ?? 'listed'
  if (managed !== 'listed' && managed !== 'all') sections.get('managed')?.fail(' is listed or all')
  const file: RolesFile = {
    managed: managed === 'all' ? 'all' : 'listed',
    roles: named(sections.get('roles'), roleOf),
    groups: named(sections.get('groups'), groupOf),
    assignments: sections.get('assignments')?.list().map(assignmentOf),
    separations: named(sections.get('separations'), separationOf),
  }
  return { file: errors.length > 0 ? undefined : file, errors }
}
