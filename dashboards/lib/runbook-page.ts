import type { AlertRule, RuleGroup } from './rule.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Text in which only `code` is marked. */
const marked = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

const list = (title: string, lines: readonly string[]): string =>
  `<h4>${title}</h4>\n<ul>\n${lines.map((line) => `<li>${marked(line)}</li>`).join('\n')}\n</ul>`

export const anchorOf = (alert: string): string => alert.toLowerCase()

const section = ({ alert, severity, runbook: { means, look, causes, mend } }: AlertRule): string =>
  [
    `<section id="${anchorOf(alert)}">`,
    `<h3><a href="#${anchorOf(alert)}">${alert}</a> <span class="${severity}">${severity}</span></h3>`,
    `<p>${marked(means)}</p>`,
    list('First looks', look),
    list('Usual causes', causes),
    list('Mending', mend),
    '</section>',
  ].join('\n')

const chapter = ({ title, alerts }: RuleGroup): string =>
  `<h2>${escaped(title)}</h2>\n${alerts.map(section).join('\n')}`

/** The runbook as a page that needs nothing but itself: where an alert's link leads at 3 a.m. */
export const runbookPage = (groups: readonly RuleGroup[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Runbook - Aura</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<script src="/theme.js"></script>
<link rel="stylesheet" href="/runbook.css">
</head>
<body>
<main>
<p><a href="/">Aura</a></p>
<h1>Runbook</h1>
<p>What to do when an alert fires: what it means, where to look first, what it usually is, how to mend it.</p>
${groups
  .filter(({ alerts }) => alerts.length > 0)
  .map(chapter)
  .join('\n')}
</main>
</body>
</html>
`
