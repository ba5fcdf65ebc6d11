import { createMemo, For } from 'solid-js'
import { clock, unknown } from './format.ts'
import type { GraphProps } from './graph-props.ts'

/** No one reads more rows than this; the newest of evenly spaced readings. */
const most = 60

/** Indices of at most `limit` readings, evenly spaced, newest first. */
export function thinned(length: number, limit: number): readonly number[] {
  const step = Math.max(1, Math.ceil(length / limit))
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => length - 1 - index * step)
}

/** The numbers behind a graph, newest first. */
export function GraphTable(props: GraphProps) {
  const rows = createMemo(() => thinned(props.times.length, most))
  const cell = (value: number | null | undefined) => (typeof value === 'number' ? props.format(value) : unknown)
  return (
    <div class="table-scroll graph-table" tabindex="0" role="region" aria-label={`Table of ${props.title}`}>
      <table class="table">
        <caption class="visually-hidden">{props.title}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <For each={props.series}>
              {(series) => (
                <th scope="col" data-numeric="">
                  {series.label}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr>
                <th scope="row">{clock(props.times[row])}</th>
                <For each={props.series}>{(series) => <td data-numeric="">{cell(series.values[row])}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
