import type { RuleGroup } from '../lib/rule.ts'
import { hostHardware } from './host-hardware.ts'
import { hostMemory } from './host-memory.ts'
import { hostNetwork } from './host-network.ts'
import { hostStorage } from './host-storage.ts'
import { hostSystem } from './host-system.ts'

/** Every file of rules, in the order of the runbook. */
export const ruleGroups: readonly RuleGroup[] = [hostSystem, hostMemory, hostStorage, hostNetwork, hostHardware]
