import type { RuleGroup } from '../lib/rule.ts'
import { alertmanagerRules } from './alertmanager.ts'
import { auraRules } from './aura.ts'
import { gpuHealth } from './gpu-health.ts'
import { governanceRules } from './governance.ts'
import { gpuRules } from './gpu.ts'
import { hostHardware } from './host-hardware.ts'
import { hostMemory } from './host-memory.ts'
import { hostNetwork } from './host-network.ts'
import { hostStorage } from './host-storage.ts'
import { hostSystem } from './host-system.ts'
import { ollamaRules } from './ollama.ts'
import { postgresData } from './postgres-data.ts'
import { postgresUpkeep } from './postgres-upkeep.ts'
import { postgresServer } from './postgres.ts'
import { prometheusRules } from './prometheus.ts'
import { sloRules } from './slo.ts'
import { targetRules } from './targets.ts'

/** Every file of rules, in the order of the runbook. */
export const ruleGroups: readonly RuleGroup[] = [
  hostSystem,
  hostMemory,
  hostStorage,
  hostNetwork,
  hostHardware,
  postgresServer,
  postgresData,
  postgresUpkeep,
  gpuRules,
  gpuHealth,
  ollamaRules,
  auraRules,
  governanceRules,
  ...sloRules,
  targetRules,
  prometheusRules,
  alertmanagerRules,
]
