import { GlobalStyles, ThemeContext } from '@grafana/ui'
import { useEffect, useState } from 'react'
import { readAddress } from '../core/address.ts'
import type { Board } from '../core/board.ts'
import { seconds } from '../core/duration.ts'
import { BoardView } from './board-view.tsx'
import { themeOf } from './panel-data.ts'
import { go } from './variable-bar.tsx'

/** What the server of the preview says about itself. */
interface Settings {
  readonly boards: readonly { readonly name: string; readonly title: string }[]
  readonly prometheus: string
  /** s between scrapes. */
  readonly scrape: number
}

const load = async <Answer,>(path: string): Promise<Answer> => {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as Answer
}

const ranges = ['5m', '15m', '1h', '6h', '1d', '7d']
const address = readAddress(location.search)
const theme = themeOf(address.theme)

/** Pixels of the page without its margins. */
const roomNow = (): number => document.documentElement.clientWidth - 32

/** Pixels that a board may use. */
function useWidth(): number {
  const [width, setWidth] = useState(roomNow)
  useEffect(() => {
    const measure = () => setWidth(roomNow())
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [])
  return width
}

/** Counts up as often as the board wants to be refreshed; not where somebody chose an end of the time. */
function useRound(refresh: string | undefined): number {
  const [round, setRound] = useState(0)
  const pause = seconds(refresh ?? '')
  useEffect(() => {
    if (pause === undefined || address.to !== 'now' || address.allRows) return undefined
    const timer = setInterval(() => setRound((before) => before + 1), pause * 1000)
    return () => clearInterval(timer)
  }, [pause])
  return round
}

function Header({ settings, board }: { readonly settings: Settings; readonly board: Board }) {
  return (
    <header>
      <h1>{board.title}</h1>
      <p>{board.description}</p>
      <select aria-label="Board" value={address.board} onChange={({ target: { value } }) => go({ board: value })}>
        {settings.boards.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
      <select
        aria-label="Time"
        value={address.from ?? board.time.from}
        onChange={({ target: { value } }) => go({ from: value })}
      >
        {[...new Set([address.from ?? board.time.from, ...ranges.map((range) => `now-${range}`)])].map((from) => (
          <option key={from} value={from}>
            {from.replace('now-', 'Last ')}
          </option>
        ))}
      </select>
      <button type="button" onClick={() => go({ theme: address.theme === 'dark' ? 'light' : 'dark' })}>
        {address.theme === 'dark' ? 'Light' : 'Dark'}
      </button>
      <p className="note">
        <strong>Preview drawn with Grafana’s components; not Grafana.</strong> Left out: annotations, exemplars,
        tooltips, the panel menu, and links of single values. Bands of states and heat maps are drawn by Aura. Data:{' '}
        {settings.prometheus}
      </p>
    </header>
  )
}

/** The page: one board, chosen by the address. */
export function App() {
  const [loaded, setLoaded] = useState<{ settings: Settings; board: Board } | string>()
  const width = useWidth()
  useEffect(() => {
    const both = Promise.all([load<Settings>('/settings'), load<Board>(`/boards/${encodeURIComponent(address.board)}`)])
    both.then(
      ([settings, board]) => setLoaded({ settings, board }),
      (error: unknown) => setLoaded(String(error)),
    )
  }, [])
  const round = useRound(typeof loaded === 'object' ? loaded.board.refresh : undefined)
  if (loaded === undefined) return null
  if (typeof loaded === 'string') return <p role="alert">{loaded}</p>
  const { settings, board } = loaded
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Header settings={settings} board={board} />
      <BoardView board={board} address={address} scrape={settings.scrape} width={width} round={round} />
    </ThemeContext.Provider>
  )
}
