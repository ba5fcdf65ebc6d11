import type { Component } from './rule.ts'
import type { Row } from './panel.ts'

/** A variable beyond data source, job and instance: the values of a label. */
export interface Variable {
  readonly name: string
  readonly label: string
  readonly metric: string
  /** The metric has no job and instance: a recording rule over all of them. */
  readonly free?: true
}

/** One board answers one question. */
export interface Board {
  /** The uid is `aura-<name>`, the file `grafana/dashboards/<name>.json`. */
  readonly name: string
  readonly title: string
  /** The question, as a sentence. */
  readonly question: string
  /** The metric whose `job` and `instance` may be chosen; absent where nothing on the board has them. */
  readonly anchor?: string
  readonly variables?: readonly Variable[]
  /** False where the instances have nothing to do with those of other boards: links do not carry them here. */
  readonly sharesInstances?: boolean
  /** Whose alerts are drawn into the panels. */
  readonly components: readonly Component[]
  /** A start time in seconds: when it changes, something was restarted. */
  readonly started?: string
  /** An info metric and the label that holds its version: when it changes, something was upgraded. */
  readonly version?: readonly [metric: string, label: string]
  /** As Grafana writes times: `1h`. */
  readonly range?: string
  readonly refresh?: '30s' | '1m'
  readonly rows: readonly Row[]
}
