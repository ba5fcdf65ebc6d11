/** What a tree is made of; siblings keep the order in which they come. */
export interface TreeItem {
  readonly id: string
  /** Absent, unknown or going round in a circle: a root. */
  readonly parent?: string | undefined
  /** What it is found by when its first letters are typed. */
  readonly label: string
}

/** One line of a tree as it is shown. */
export interface TreeRow {
  readonly id: string
  readonly label: string
  /** 1 for roots. */
  readonly level: number
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number
  readonly siblings: number
  readonly parent: string | undefined
  /** undefined for leaves. */
  readonly expanded: boolean | undefined
}

/** Children by parent; roots are under undefined. An item that is its own ancestor becomes a root. */
export function childrenOf<Item extends TreeItem>(
  items: readonly Item[],
): ReadonlyMap<string | undefined, readonly Item[]> {
  const byId = new Map(items.map((item) => [item.id, item]))
  const inCircle = (item: Item): boolean => {
    const seen = new Set<string>()
    for (let at: Item | undefined = item; at !== undefined; at = byId.get(at.parent ?? '')) {
      if (seen.has(at.id)) return at.id === item.id
      seen.add(at.id)
    }
    return false
  }
  const children = new Map<string | undefined, Item[]>()
  for (const item of items) {
    const parent = item.parent !== undefined && byId.has(item.parent) && !inCircle(item) ? item.parent : undefined
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [item])
    else siblings.push(item)
  }
  return children
}

/** The lines of a tree from top to bottom, without what lies below collapsed ones. */
export function treeRows(items: readonly TreeItem[], collapsed: ReadonlySet<string>): readonly TreeRow[] {
  const children = childrenOf(items)
  const below = (parent: string | undefined, level: number): TreeRow[] =>
    (children.get(parent) ?? []).flatMap(({ id, label }, index, siblings) => {
      const expanded = children.has(id) ? !collapsed.has(id) : undefined
      const row: TreeRow = { id, label, level, place: index + 1, siblings: siblings.length, parent, expanded }
      return expanded === true ? [row].concat(below(id, level + 1)) : [row]
    })
  return below(undefined, 1)
}

/** All ids below one, itself included. */
export function branchOf(items: readonly TreeItem[], id: string): ReadonlySet<string> {
  const children = childrenOf(items)
  const found = new Set<string>([id])
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child.id)
  return found
}

/** What a key does: where the focus goes, and what opens or closes. */
export interface TreeMove {
  readonly focus?: string
  readonly expand?: readonly string[]
  readonly collapse?: string
}

function sideways(rows: readonly TreeRow[], at: TreeRow, key: 'ArrowLeft' | 'ArrowRight'): TreeMove {
  if (key === 'ArrowRight') {
    if (at.expanded === false) return { expand: [at.id] }
    const first = at.expanded === true ? rows[rows.indexOf(at) + 1] : undefined
    return first === undefined ? {} : { focus: first.id }
  }
  if (at.expanded === true) return { collapse: at.id }
  return at.parent === undefined ? {} : { focus: at.parent }
}

/** What a key does in a tree, after the patterns of ARIA; undefined for keys that mean nothing here. */
export function treeMove(rows: readonly TreeRow[], from: string | undefined, key: string): TreeMove | undefined {
  const index = Math.max(
    0,
    rows.findIndex(({ id }) => id === from),
  )
  const at = rows[index]
  if (at === undefined) return undefined
  const to = (row: TreeRow | undefined): TreeMove => (row === undefined ? {} : { focus: row.id })
  switch (key) {
    case 'ArrowDown':
      return to(rows[index + 1])
    case 'ArrowUp':
      return to(rows[index - 1])
    case 'Home':
      return to(rows[0])
    case 'End':
      return to(rows.at(-1))
    case 'ArrowLeft':
    case 'ArrowRight':
      return sideways(rows, at, key)
    case '*':
      return { expand: rows.filter((row) => row.parent === at.parent && row.expanded === false).map(({ id }) => id) }
    default:
      return undefined
  }
}

/** The next line whose label begins with what was typed, going round; one letter alone leaves the line one is on. */
export function typeAhead(rows: readonly TreeRow[], from: string | undefined, typed: string): string | undefined {
  const index = rows.findIndex(({ id }) => id === from)
  const start = typed.length === 1 ? index + 1 : Math.max(0, index)
  const wanted = typed.toLocaleLowerCase()
  return [...rows.slice(start), ...rows.slice(0, start)].find(({ label }) =>
    label.toLocaleLowerCase().startsWith(wanted),
  )?.id
}
