import { limits } from '../limits.ts'
import { colour } from '../lib/colours.ts'
import type { Board } from '../lib/board.ts'
import { more, row, stat, table, time } from '../lib/panel.ts'
import { query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { ollama, gpu } = limits
const chosen = 'model=~"$model"'

const glance = row('At a glance', [
  stat({
    title: 'Ollama',
    unit: unit.none,
    words: { 0: ['down', colour.bad], 1: ['up', colour.good] },
    queries: [query('{{instance}}', series('ollama_up'))],
    shows: 'Whether Ollama answers.',
    normal: 'Up.',
    act: '`systemctl status ollama`; see OllamaDown in the runbook.',
  }),
  stat({
    title: 'Models loaded',
    unit: unit.count,
    decimals: 0,
    queries: [query('{{instance}}', series('ollama_loaded_models'))],
    shows: 'Models that answer at once, without being loaded first.',
    normal: 'One to three.',
    act: 'None all the time though there are requests: `keep_alive` is too short.',
  }),
  stat({
    title: 'Models on disk',
    unit: unit.count,
    decimals: 0,
    queries: [query('{{instance}}', series('ollama_models_total'))],
    shows: 'Models that can be loaded.',
    normal: 'Changes when somebody pulls or removes one.',
    act: 'Fewer than expected: `ollama list`; see the audit log for who removed one.',
  }),
  stat({
    title: 'In video memory',
    unit: unit.bytes,
    queries: [
      query(
        '{{instance}}',
        `sum by (instance) (${series('ollama_model_vram_bytes', chosen)}) or sum by (instance) (0 * ${series('ollama_up')})`,
      ),
    ],
    shows: 'Video memory that the loaded models take, as Ollama estimates it.',
    normal: 'Below what the cards have.',
    act: 'Compare with board GPU: a large difference is held by something else.',
  }),
  stat({
    title: 'Spilled',
    unit: unit.bytes,
    threshold: { bad: 1 },
    queries: [
      query(
        '{{instance}}',
        `sum by (instance) (${series('ollama_model_ram_bytes', chosen)}) or sum by (instance) (0 * ${series('ollama_up')})`,
      ),
    ],
    shows: 'Parts of loaded models that did not fit on a card and run on processors.',
    normal: '0 on a machine with a card.',
    act: 'A smaller quantisation or context, or fewer models at once; see OllamaModelSpilled.',
  }),
  stat({
    title: 'Loads in an hour',
    unit: unit.count,
    decimals: 0,
    threshold: { look: ollama.loadsPerHour },
    queries: [query('{{instance}}', `sum by (instance) (increase(${series('ollama_model_load_total', chosen)}[1h]))`)],
    shows: 'How often a model was read into memory.',
    normal: 'A few.',
    act: `More than ${ollama.loadsPerHour} of one model: models push each other out; see OllamaModelThrash.`,
  }),
])

const memory = row('Memory', [
  time({
    title: 'Video memory by model',
    unit: unit.bytes,
    min: 0,
    stack: true,
    queries: [query('{{model}}', `sum by (model) (${series('ollama_model_vram_bytes', chosen)})`)],
    empty: 'no model is loaded',
    shows: 'Video memory of each loaded model.',
    normal: 'Steps: models come and go.',
    act: 'Saw teeth of the same models: they push each other out.',
  }),
  time({
    title: 'Spill by model',
    unit: unit.share,
    min: 0,
    max: 1,
    threshold: { bad: Math.max(ollama.spill, 0.01) },
    queries: [query('{{instance}} {{model}}', series('ollama_model_spill_ratio', chosen))],
    empty: 'no model is loaded',
    shows: 'Share of a loaded model that lies in main memory.',
    normal: '0 with a card large enough; 100 % without a card.',
    act: 'See OllamaModelSpilled in the runbook.',
  }),
  time({
    title: 'Loads and unloads',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{instance}} loads', `sum by (instance) (${rate('ollama_model_load_total', chosen)})`),
      query('{{instance}} unloads', `sum by (instance) (${rate('ollama_model_unload_total', chosen)})`),
    ],
    shows: 'Models read into memory and removed from it.',
    normal: 'Near 0.',
    act: 'Both high: thrashing. Only unloads: `keep_alive` too short.',
  }),
  time({
    title: 'Video memory of the cards',
    unit: unit.share,
    min: 0,
    max: 1,
    threshold: { bad: gpu.memory },
    queries: [
      query(
        '{{instance}} {{gpu}}',
        `gpu_memory_used_bytes{instance=~"$instance"} / (gpu_memory_total_bytes{instance=~"$instance"} > 0)`,
      ),
    ],
    empty: 'no card',
    shows: 'How full the cards are, by models and anything else.',
    normal: 'Steady, below 95 %.',
    act: 'Board GPU names the programs.',
  }),
  table({
    title: 'Loaded models',
    unit: unit.bytes,
    columns: { instance: 'Instance', model: 'Model', Value: 'Memory' },
    queries: [query('', `sum by (instance, model) (${series('ollama_model_memory_bytes', chosen)})`)],
    empty: 'no model is loaded',
    shows: 'What is loaded now, and the memory it takes, on cards and in main memory together.',
    normal: 'The models people use.',
    act: '`ollama stop NAME` frees the memory of one nobody needs.',
  }),
])

const disk = more('Models on disk', [
  time({
    title: 'Space of all models',
    unit: unit.bytes,
    min: 0,
    queries: [query('{{instance}}', `sum by (instance) (${series('ollama_model_size_bytes', chosen)})`)],
    shows: 'Space of the models on disk; layers that several share are counted for each.',
    normal: 'Changes with pulls and removals.',
    act: 'Remove models nobody asks for.',
  }),
  time({
    title: 'Time until unloaded',
    unit: unit.seconds,
    min: 0,
    queries: [
      query(
        '{{instance}} {{model}}',
        `clamp_max(${series('ollama_model_expires_timestamp_seconds', chosen)} - time(), 86400)`,
      ),
    ],
    empty: 'no model is loaded',
    shows: 'How long a model stays loaded if nobody asks it; a day stands for ever.',
    normal: 'Starts anew with every request.',
    act: 'Always short: raise `OLLAMA_KEEP_ALIVE`.',
  }),
  table({
    title: 'Models',
    unit: unit.bytes,
    columns: {
      instance: 'Instance',
      model: 'Model',
      family: 'Family',
      parameter_size: 'Parameters',
      quantization_level: 'Quantisation',
      Value: 'Size',
    },
    queries: [
      query(
        '',
        `sum by (instance, model) (${series('ollama_model_size_bytes', chosen)}) * on (instance, model) group_left (family, parameter_size, quantization_level) max by (instance, model, family, parameter_size, quantization_level) (${series('ollama_model_info', chosen)})`,
      ),
    ],
    shows: 'What can be loaded.',
    normal: 'Models somebody chose.',
    act: 'One with more bytes than the cards have memory will spill.',
  }),
])

/** Ollama and its models. */
export const ollamaBoard: Board = {
  name: 'ollama',
  title: 'Ollama and models',
  question: 'Which models are loaded, do they fit, and do they stay?',
  anchor: 'ollama_up',
  variables: [{ name: 'model', label: 'Model', metric: 'ollama_model_info' }],
  components: ['ollama'],
  version: ['ollama_version_info', 'version'],
  rows: [glance, memory, disk],
}
