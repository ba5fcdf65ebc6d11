import type { AlertRule, RuleGroup } from './rule.ts'

const list = (title: string, lines: readonly string[]): string =>
  `${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`

const section = ({ alert, severity, board, runbook: { means, look, causes, mend } }: AlertRule): string =>
  [
    `### ${alert}`,
    `Severity ${severity}. ${means}`,
    list('First looks', [...look, `Board \`aura-${board}\`.`]),
    list('Usual causes', causes),
    list('Mending', mend),
  ].join('\n\n')

const intro = `# Runbook

What to do when an alert fires. Every alert has a section under its own name: what it means, where to look first, what it
usually is, and how to mend it. Written by \`npm run dashboards\` from \`dashboards/rules/\`; changes here are lost.`

const chapter = ({ title, alerts }: RuleGroup): string[] => [`## ${title}`].concat(alerts.map(section))

/** Text of `prometheus/runbook.md`. */
export const runbookOf = (groups: readonly RuleGroup[]): string =>
  `${[intro].concat(groups.filter(({ alerts }) => alerts.length > 0).flatMap(chapter)).join('\n\n')}\n`
