import { boards } from './boards/index.ts'
import { boardFile } from './lib/render.ts'
import { ruleFile } from './lib/rule-file.ts'
import { runbookPage } from './lib/runbook-page.ts'
import { runbookOf } from './lib/runbook.ts'
import { ruleGroups } from './rules/index.ts'

/** Files that are written from what lies here, by path from the repository's root. They are committed, and a test holds them fresh. */
export const generated = (): ReadonlyMap<string, string> =>
  new Map(
    ruleGroups
      .map((group): readonly [string, string] => [`prometheus/rules/${group.name}.yml`, ruleFile(group)])
      .concat([
        ['prometheus/runbook.md', runbookOf(ruleGroups)],
        ['web/public/runbook.html', runbookPage(ruleGroups)],
        ...boards.map((board): readonly [string, string] => [
          `grafana/dashboards/${board.name}.json`,
          boardFile(board),
        ]),
      ]),
  )
