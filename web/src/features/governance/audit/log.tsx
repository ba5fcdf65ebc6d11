import { createSignal, Show } from 'solid-js'
import type { AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'
import { Card } from '../../../ui/card.tsx'
import { LoadBanner } from '../../load-banner.tsx'
import { auditColumns } from './columns.tsx'
import { isFiltered, type AuditFilters } from './filters.ts'
import { LogTable } from './log-table.tsx'
import { createLiveLog, type LiveLog } from './live-log.ts'
import { RowDialog } from './row-dialog.tsx'

export interface LogProps {
  readonly filters: AuditFilters
  /** Rows older than this one only; then nothing is followed. */
  readonly start: number | undefined
  readonly onNewest: () => void
  readonly onFilter: (filters: AuditFilters) => void
}

/** Whether the table is scrolled away from its top: who reads there must not lose the place. */
function createScrolled() {
  let box: HTMLElement | undefined
  const [away, setAway] = createSignal(false)
  return {
    away,
    ref: (element: HTMLElement) => void (box = element),
    onScroll: (top: number) => setAway(top > 4),
    toTop: () => box?.scrollTo({ top: 0 }),
  }
}

/** The rows, newest first, and what happens now. */
export function Log(props: LogProps) {
  const [paused, setPaused] = createSignal(false)
  const [opened, setOpened] = createSignal<AuditRowView>()
  const scrolled = createScrolled()
  const following = () => !paused() && !scrolled.away() && opened() === undefined
  const log = createLiveLog(
    () => props.filters,
    () => props.start,
    following,
  )
  const show = () => {
    log.release()
    scrolled.toTop()
  }
  const loaded = { value: () => (log.rows().length > 0 ? log.rows() : undefined), ...log }
  return (
    <Card
      title="Rows"
      note={
        props.start === undefined ? undefined : `Older than #${props.start}; what happens now is not followed here.`
      }
      aside={
        <Show
          when={props.start === undefined}
          fallback={
            <button type="button" class="button" onClick={() => props.onNewest()}>
              To the newest
            </button>
          }
        >
          <Following held={log.held()} paused={paused()} away={scrolled.away()} onShow={show} onPause={setPaused} />
        </Show>
      }
    >
      <LoadBanner loaded={loaded} capability="audit:read" what="the audit log" />
      <div class="audit-rows">
        <Rows log={log} filtered={isFiltered(props.filters)} scrolled={scrolled} onOpen={setOpened} />
      </div>
      <Older log={log} />
      <Show when={opened()}>
        {(row) => (
          <RowDialog
            row={row()}
            names={log.names()}
            onFilter={(filters) => {
              setOpened(undefined)
              props.onFilter(filters)
            }}
            onClose={() => setOpened(undefined)}
          />
        )}
      </Show>
    </Card>
  )
}

interface RowsProps {
  readonly log: LiveLog
  readonly filtered: boolean
  readonly scrolled: Pick<ReturnType<typeof createScrolled>, 'ref' | 'onScroll'>
  readonly onOpen: (row: AuditRowView) => void
}

function Rows(props: RowsProps) {
  const { log } = props
  const columns = auditColumns(log.names, (row) => props.onOpen(row))
  return (
    <Show
      when={log.rows().length > 0}
      fallback={
        <Show when={!log.loading() && log.refusal() === undefined}>
          <p class="table-empty">{props.filtered ? 'No row is like that.' : 'Nothing has happened yet.'}</p>
        </Show>
      }
    >
      <LogTable rows={log.rows()} columns={columns} ref={props.scrolled.ref} onScroll={props.scrolled.onScroll} />
    </Show>
  )
}

interface FollowingProps {
  readonly held: number
  readonly paused: boolean
  readonly away: boolean
  readonly onShow: () => void
  readonly onPause: (paused: boolean) => void
}

function Following(props: FollowingProps) {
  return (
    <>
      <span role="status">
        <Show when={props.held > 0}>
          <button type="button" class="button" onClick={() => props.onShow()}>
            {props.held} new
          </button>
        </Show>
      </span>
      <button
        type="button"
        class="button"
        aria-pressed={props.paused}
        onClick={() => {
          if (props.paused) props.onShow()
          props.onPause(!props.paused)
        }}
      >
        {props.paused ? 'Follow' : 'Pause'}
      </button>
    </>
  )
}

function Older(props: { readonly log: LiveLog }) {
  return (
    <div class="governance-buttons">
      <Show when={props.log.more()}>
        <button type="button" class="button" disabled={props.log.loading()} onClick={() => props.log.older()}>
          Older rows
        </button>
      </Show>
      <span class="governance-quiet">{props.log.rows().length} rows are loaded.</span>
    </div>
  )
}
