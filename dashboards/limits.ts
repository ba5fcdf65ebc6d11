/**
 * From where on something is wrong. One place for both: the rules warn at these values, and the boards draw them as
 * thresholds. Ratios are 0 to 1, times are seconds, sizes are bytes, temperatures are degrees Celsius.
 */
export const limits = {
  cpu: { busy: 0.9, stealing: 0.1, waiting: 0.25, loadPerCore: 2 },
  memory: { used: 0.9, stalled: 0.1, majorFaultsPerSecond: 500, swapUsed: 0.8 },
  filesystem: {
    filling: 0.4,
    fillingFast: 0.2,
    warning: 0.05,
    critical: 0.03,
    inodesWarning: 0.05,
    inodesCritical: 0.03,
  },
  disk: { queue: 10, stalled: 0.2 },
  network: { errors: 0.01, drops: 0.01, conntrack: 0.75 },
  files: { warning: 0.7, critical: 0.9 },
  clock: { offset: 0.05, error: 16 },
  postgres: {
    connectionsWarning: 0.8,
    connectionsCritical: 0.95,
    cacheHit: 0.98,
    rollbacks: 0.1,
    locks: 0.2,
    lag: 30,
    lagCritical: 3600,
    deadTuples: 0.1,
    wraparoundWarning: 0.5,
    wraparoundCritical: 0.8,
    longTransaction: 300,
    idleInTransaction: 600,
    blocked: 60,
  },
  gpu: { memory: 0.95, temperature: 85, memoryTemperature: 95, idle: 0.05, age: 300, slowPoll: 5 },
  ollama: { loadsPerHour: 6, spill: 0 },
  bridge: { eventLoop: 0.2, skippedShare: 0.5 },
  http: { errors: 0.05, slow: 1 },
  process: { files: 0.8, memory: 1024 ** 3 },
  scrape: { slow: 0.8 },
  governance: { verifiedAge: 3 * 3600, approvalAge: 86_400 },
} as const
