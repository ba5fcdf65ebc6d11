import { dateTime, type TimeRange } from '@grafana/data'
import { useEffect, useMemo, useState } from 'react'
import { boardLink, type Address } from '../core/address.ts'
import { isRow, type Board, type Row } from '../core/board.ts'
import { bottomOf, placeParts } from '../core/grid.ts'
import { readRange, type Range } from '../core/range.ts'
import { evaluate, valuesOf } from '../core/variables.ts'
import type { Choice } from '../core/interpolate.ts'
import { VariableBar } from './variable-bar.tsx'
import { labelValues } from './prometheus.ts'
import { PanelView } from './panel-view.tsx'
import type { Moment } from './panel-data.ts'

interface Props {
  readonly board: Board
  readonly address: Address
  /** s between scrapes. */
  readonly scrape: number
  /** Pixels. */
  readonly width: number
  /** Changes when everything shall be asked again. */
  readonly round: number
}

interface Ready {
  readonly choices: readonly Choice[]
  readonly moment: Moment
}

const rangeOf = ({ time }: Board, { from, to }: Address): Range =>
  readRange(from ?? time.from, to, Date.now() / 1000) ?? { from: Date.now() / 1000 - 3600, to: Date.now() / 1000 }

function useReady({ board, address, scrape, round }: Props): Ready | string | undefined {
  const [ready, setReady] = useState<Ready | string>()
  useEffect(() => {
    let current = true
    const range = rangeOf(board, address)
    evaluate(board.templating.list, address.chosen, (selector, label) => labelValues(selector, label, range)).then(
      (choices) => current && setReady({ choices, moment: { range, scrape, values: valuesOf(choices) } }),
      (error: unknown) => current && setReady(String(error)),
    )
    return () => {
      current = false
    }
  }, [board, address, scrape, round])
  return ready
}

const grafanaRange = ({ from, to }: Range): TimeRange => {
  const ends = { from: dateTime(from * 1000), to: dateTime(to * 1000) }
  return { ...ends, raw: ends }
}

function useOpenRows({ panels }: Board, all: boolean) {
  const [open, setOpen] = useState<ReadonlySet<number>>(
    () => new Set(panels.flatMap((part) => (isRow(part) && (all || !part.collapsed) ? [part.id] : []))),
  )
  const toggle = (id: number): void => setOpen((before) => before.symmetricDifference(new Set([id])))
  return [open, toggle] as const
}

interface HeadingProps {
  readonly row: Row
  readonly open: boolean
  readonly toggle: (id: number) => void
}

/** The heading of a row; one whose panels can be put away is a button. */
const Heading = ({ row: { id, title, panels }, open, toggle }: HeadingProps) =>
  panels.length === 0 ? (
    <h2>{title}</h2>
  ) : (
    <h2>
      <button type="button" aria-expanded={open} onClick={() => toggle(id)}>
        {open ? '⌄' : '›'} {title} <small>({panels.length} panels)</small>
      </button>
    </h2>
  )

/** The rows and panels of a board, on live data. */
export function BoardView(props: Props) {
  const { board, address, width } = props
  const ready = useReady(props)
  const [open, toggle] = useOpenRows(board, address.allRows)
  const placed = useMemo(() => placeParts(board.panels, (id) => open.has(id), width), [board, open, width])
  if (ready === undefined) return <p>Asking Prometheus …</p>
  if (typeof ready === 'string') return <p role="alert">{ready}</p>
  const { choices, moment } = ready
  const timeRange = grafanaRange(moment.range)
  const follow = (url: string) => boardLink(url, location.search, choices)
  return (
    <>
      <VariableBar choices={choices} />
      <main style={{ height: bottomOf(placed) }}>
        {placed.map(({ part, left, top, width: wide, height }) => (
          <div key={part.id} className="part" style={{ left, top, width: wide, height }}>
            {isRow(part) ? (
              <Heading row={part} open={open.has(part.id)} toggle={toggle} />
            ) : (
              <PanelView
                panel={part}
                moment={moment}
                timeRange={timeRange}
                width={wide}
                height={height}
                follow={follow}
              />
            )}
          </div>
        ))}
      </main>
    </>
  )
}
