import type { RuleGroup } from '../lib/rule.ts'
import { hostStorage } from './host-storage.ts'

/** Every file of rules, in the order of the runbook. */
export const ruleGroups: readonly RuleGroup[] = [hostStorage]
