import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { treeMove, treeRows, typeAhead, type TreeItem, type TreeMove, type TreeRow } from './tree-model.ts'
import './tree.css'

export interface TreeProps {
  readonly label: string
  readonly items: readonly TreeItem[]
  readonly selected: string | undefined
  readonly onSelect: (id: string) => void
  /** What stands in a line; nothing in it may take the focus. */
  readonly line: (id: string) => JSX.Element
}

/** ms after which typed letters begin anew. */
const typingPause = 600

/** Letters that were typed one after the other. */
function createTyping() {
  let [typed, last] = ['', 0]
  return (key: string): string => {
    const now = performance.now()
    typed = now - last > typingPause ? key : typed + key
    last = now
    return typed
  }
}

const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  /^.$/u.test(key) && key !== ' ' && !ctrlKey && !metaKey && !altKey

/** What is open and where the focus is. */
function createTreeState(props: TreeProps) {
  const [collapsed, setCollapsed] = createSignal<ReadonlySet<string>>(new Set())
  const [at, setAt] = createSignal<string>()
  const rows = createMemo(() => treeRows(props.items, collapsed()))
  const byId = createMemo(() => new Map(rows().map((row) => [row.id, row])))
  const current = createMemo(() => [at(), props.selected].find((id) => byId().has(id ?? '')) ?? rows()[0]?.id)
  const change = ({ expand = [], collapse }: TreeMove): void => {
    const next = new Set(collapsed())
    for (const id of expand) next.delete(id)
    if (collapse !== undefined) next.add(collapse)
    setCollapsed(next)
  }
  return { rows, byId, current, setAt, change }
}

/** A tree for mouse and keyboard after the patterns of ARIA: arrows, Home, End, `*`, first letters, Enter or Space. */
export function Tree(props: TreeProps) {
  const { rows, byId, current, setAt, change } = createTreeState(props)
  const typing = createTyping()
  let box: HTMLDivElement | undefined
  const focus = (id: string | undefined): void => {
    if (id === undefined) return
    setAt(id)
    box?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = current()
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      if (from !== undefined) props.onSelect(from)
    } else {
      const move = treeMove(rows(), from, event.key)
      if (move === undefined && !isLetter(event)) return
      if (move !== undefined) change(move)
      focus(move === undefined ? typeAhead(rows(), from, typing(event.key)) : move.focus)
    }
    event.preventDefault()
  }
  return (
    <div ref={(element) => (box = element)} class="tree" role="tree" aria-label={props.label} onKeyDown={onKeyDown}>
      <For each={rows().map(({ id }) => id)}>
        {(id) => (
          <Show when={byId().get(id)}>
            {(row) => (
              <Line
                row={row()}
                tabbed={current() === id}
                selected={props.selected === id}
                onSelect={() => {
                  setAt(id)
                  props.onSelect(id)
                }}
                onTurn={() => change(row().expanded === true ? { collapse: id } : { expand: [id] })}
                onFocus={() => setAt(id)}
              >
                {props.line(id)}
              </Line>
            )}
          </Show>
        )}
      </For>
    </div>
  )
}

interface LineProps {
  readonly row: TreeRow
  readonly tabbed: boolean
  readonly selected: boolean
  readonly onSelect: () => void
  readonly onTurn: () => void
  readonly onFocus: () => void
  readonly children: JSX.Element
}

function Line(props: LineProps) {
  return (
    <div
      class="tree-line"
      role="treeitem"
      data-id={props.row.id}
      aria-level={props.row.level}
      aria-posinset={props.row.place}
      aria-setsize={props.row.siblings}
      aria-expanded={props.row.expanded}
      aria-selected={props.selected}
      tabIndex={props.tabbed ? 0 : -1}
      style={{ 'padding-inline-start': `${(props.row.level - 1) * 1.1}rem` }}
      onClick={() => props.onSelect()}
      onFocus={() => props.onFocus()}
    >
      {/* For the mouse; the keyboard has its arrows. */}
      <span
        class="tree-mark"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation()
          if (props.row.expanded !== undefined) props.onTurn()
        }}
      >
        {props.row.expanded === undefined ? '' : '▸'}
      </span>
      {props.children}
    </div>
  )
}
