import { limits } from '../limits.ts'
import { colour } from '../lib/colours.ts'
import type { Board } from '../lib/board.ts'
import { more, row, stat, states, table, time, type PanelOptions } from '../lib/panel.ts'
import { query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { gpu } = limits
const card = 'gpu=~"$gpu"'
const share = { unit: unit.share, min: 0, max: 1 } as const
const name = '{{instance}} {{gpu}}'
const used = `${series('gpu_memory_used_bytes', card)} / (${series('gpu_memory_total_bytes', card)} > 0)`

const memory: Omit<PanelOptions, 'queries'> = {
  title: 'Video memory used',
  ...share,
  threshold: { look: 0.9, bad: gpu.memory },
  shows: 'Share of the memory of a card in use, by models and by anything else.',
  normal: 'Steady: a loaded model keeps its memory until it expires.',
  act: 'Above 95 % the next model spills to main memory. Table Who holds the memory below names the programs.',
}
const heat: Omit<PanelOptions, 'queries'> = {
  title: 'Temperature',
  unit: unit.celsius,
  threshold: { look: gpu.temperature - 5, bad: gpu.temperature },
  shows: 'Temperature of the chip.',
  normal: '30 to 50 °C idle, up to 80 °C under load.',
  act: 'Fans, dust, room; `nvidia-smi -pl WATTS` lowers the power at once.',
}
const power: Omit<PanelOptions, 'queries'> = {
  title: 'Power',
  unit: unit.watts,
  min: 0,
  shows: 'Electric power that the card draws.',
  normal: 'A tenth of its limit when idle, near the limit while it works.',
  act: 'Much power without work: a program that keeps the card awake.',
}
const busy: Omit<PanelOptions, 'queries'> = {
  title: 'Busy',
  ...share,
  shows: 'Share of the time in which the card computed anything.',
  normal: 'High while a model answers, else near 0.',
  act: 'Busy with no model loaded: table Who holds the memory. Idle while requests run: the model runs on processors.',
}

const glance = row('At a glance', [
  stat({ ...busy, w: 5, queries: [query(name, series('gpu_utilization_ratio', card))] }),
  stat({ ...memory, w: 5, queries: [query(name, used)] }),
  stat({ ...heat, w: 5, queries: [query(name, series('gpu_temperature_celsius', card))] }),
  stat({ ...power, w: 5, queries: [query(name, series('gpu_power_watts', card))] }),
  stat({
    title: 'Cards',
    unit: unit.count,
    decimals: 0,
    threshold: { bad: 1, below: true },
    queries: [query('{{instance}} {{vendor}}', series('gpu_cards'))],
    shows: 'Cards that can be read.',
    normal: 'As many as are built in.',
    act: 'One is missing: `lspci`, `dmesg | grep -i nvrm`; it may have fallen off the bus.',
  }),
])

const work = row('Work', [
  time({
    ...busy,
    title: 'Busy over time',
    queries: [
      query(`${name} computes`, series('gpu_utilization_ratio', card)),
      query(`${name} moves memory`, series('gpu_memory_utilization_ratio', card)),
    ],
  }),
  time({ ...memory, title: 'Video memory over time', queries: [query(name, used)] }),
  time({
    ...heat,
    title: 'Temperatures',
    queries: [
      query(`${name} chip`, series('gpu_temperature_celsius', card)),
      query(`${name} memory`, series('gpu_memory_temperature_celsius', card)),
    ],
    shows: `Temperature of the chip and of its memory; the memory may reach ${gpu.memoryTemperature} °C.`,
  }),
  time({
    ...power,
    title: 'Power and its limit',
    queries: [
      query(`${name} drawn`, series('gpu_power_watts', card)),
      query(`${name} limit`, series('gpu_power_limit_watts', card)),
    ],
  }),
  time({
    title: 'Clocks',
    unit: unit.hertz,
    min: 0,
    queries: [query(`${name} {{clock}}`, series('gpu_clock_hertz', card))],
    shows: 'Frequencies of the parts of the card.',
    normal: 'Low when idle, near the highest under load.',
    act: 'Low under load: see Slowed down.',
  }),
  states({
    title: 'Slowed down',
    unit: unit.none,
    h: 9,
    words: { 0: ['no', colour.good], 1: ['yes', colour.look] },
    queries: [query(`${name} {{reason}}`, series('gpu_throttle_active', `${card}, reason!="gpu_idle"`))],
    empty: 'the card does not tell',
    shows: 'Why a card runs slower than it could.',
    normal: 'sw_power_cap under full load; nothing else.',
    act: 'Thermal: cooling. Power brake: power supply and cables.',
  }),
  table({
    title: 'Who holds the memory',
    unit: unit.bytes,
    columns: {
      instance: 'Instance',
      gpu: 'Card',
      process_name: 'Program',
      pid: 'PID',
      model: 'Model',
      Value: 'Memory',
    },
    queries: [
      query('', `sum by (instance, gpu, process_name, pid, model) (${series('gpu_process_memory_bytes', card)})`),
    ],
    empty: 'no program uses a card',
    shows: 'Programs with memory on a card; for runners of Ollama, the model.',
    normal: 'One runner for each loaded model.',
    act: 'Something unknown: `ps -fp PID`, and `kill PID` if nobody wants it.',
  }),
])

const health = more('Health and reading', [
  time({
    title: 'Memory errors',
    unit: unit.perSecond,
    min: 0,
    threshold: { bad: 0.001 },
    queries: [query(`${name} {{severity}} {{scope}}`, rate('gpu_ecc_errors_total', card))],
    empty: 'the card has no ECC',
    shows: 'Errors found by the ECC of the card.',
    normal: '0. Corrected ones, now and then, do no harm.',
    act: 'Uncorrected: results may be wrong; reset the card, then have it replaced.',
  }),
  time({
    title: 'Time slowed down',
    ...share,
    queries: [query(`${name} {{reason}}`, rate('gpu_throttle_seconds_total', card))],
    empty: 'the card does not count',
    shows: 'Share of the time in which the card held itself back, by reason.',
    normal: 'sw_power_cap under full load; else 0.',
    act: 'Thermal reasons: cooling.',
  }),
  time({
    title: 'PCIe link',
    unit: unit.none,
    min: 0,
    queries: [
      query(`${name} lanes`, series('gpu_pcie_link_width', card)),
      query(`${name} lanes at most`, series('gpu_pcie_link_width_max', card)),
      query(`${name} generation`, series('gpu_pcie_link_generation', card)),
    ],
    empty: 'the card does not tell',
    shows: 'How the card is connected; an idle card lowers the generation to save power.',
    normal: 'As many lanes as it can have.',
    act: 'Fewer lanes: a loose card, a riser, a slot shared with a disk; models load slower.',
  }),
  time({
    title: 'Age of the reading',
    unit: unit.seconds,
    min: 0,
    threshold: { bad: gpu.age },
    queries: [
      query('{{instance}} {{vendor}} age', series('gpu_reading_age_seconds')),
      query('{{instance}} {{vendor}} time to read', series('gpu_poll_duration_seconds')),
    ],
    shows: 'How old the values on this board are, and how long a reading takes.',
    normal: 'Some seconds.',
    act: 'The driver hangs: `nvidia-smi` by hand; see GPUReadingStale in the runbook.',
  }),
  time({
    title: 'Energy per hour of work',
    unit: unit.watts,
    min: 0,
    queries: [
      query(
        name,
        ratio(
          `avg_over_time(${series('gpu_power_watts', card)}[$__rate_interval])`,
          `avg_over_time(${series('gpu_utilization_ratio', card)}[$__rate_interval])`,
        ),
      ),
    ],
    empty: 'idle',
    shows: 'Power divided by the share of time in which it computed: what an hour of work costs in Wh.',
    normal: 'Near the limit of power; much higher when the card is mostly idle.',
    act: 'High all day: unload models at night, or let the card sleep.',
  }),
])

/** Graphics processors. */
export const gpuBoard: Board = {
  name: 'gpu',
  title: 'GPU',
  question: 'Are the cards healthy, cool, and large enough for the models?',
  anchor: 'gpu_cards',
  variables: [{ name: 'gpu', label: 'Card', metric: 'gpu_info' }],
  components: ['gpu'],
  version: ['gpu_info', 'driver_version'],
  rows: [glance, work, health],
}
