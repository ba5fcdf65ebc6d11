import type { RuleGroup } from '../lib/rule.ts'
import { hostMemory } from './host-memory.ts'
import { hostStorage } from './host-storage.ts'
import { hostSystem } from './host-system.ts'

/** Every file of rules, in the order of the runbook. */
export const ruleGroups: readonly RuleGroup[] = [hostSystem, hostMemory, hostStorage]
