import type { JSX } from 'solid-js'
import './badge.css'

export type Tone = 'ok' | 'warning' | 'critical' | 'info' | 'neutral'

const marks: Readonly<Record<Tone, string>> = { ok: '✓', warning: '▲', critical: '✕', info: 'i', neutral: '·' }

/** A state in one or two words: told by its words and a mark, and by colour only besides. */
export function Badge(props: { readonly tone: Tone; readonly children: JSX.Element; readonly title?: string }) {
  return (
    <span class="badge" data-tone={props.tone} title={props.title}>
      <span class="badge-mark" aria-hidden="true">
        {marks[props.tone]}
      </span>
      {props.children}
    </span>
  )
}
