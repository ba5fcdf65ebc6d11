import type { BoardJson, PanelJson } from '../../dashboards/lib/grafana.ts'

/** All panels of a board, those of closed rows too. */
export const panelsOf = ({ panels }: BoardJson): readonly PanelJson[] =>
  panels.flatMap((panel) => ('panels' in panel ? panel.panels : panel))

/** Labels that a legend names. */
export const legendLabels = (legend: string): string[] =>
  [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
