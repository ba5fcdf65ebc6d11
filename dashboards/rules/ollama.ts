import { limits } from '../limits.ts'
import { always, counter, phases } from '../lib/proof.ts'
import type { AlertRule, RuleGroup } from '../lib/rule.ts'
import { share } from '../lib/words.ts'

const { ollama, gpu } = limits
const server = (more = ''): string => `{job="ollama", instance="ai:9464"${more === '' ? '' : `, ${more}`}}`
const model = server('model="llama3.3:70b"')
const on = '{{ $labels.instance }}'

const down: AlertRule = {
  alert: 'OllamaDown',
  expr: 'ollama_up{job="ollama"} == 0',
  for: '1m',
  severity: 'critical',
  component: 'ollama',
  summary: `Ollama watched by ${on} does not answer`,
  description: 'No answer for a minute (ollama_up is {{ $value }}).',
  board: 'ollama',
  runbook: {
    means: 'No model can be asked; everything that talks to one fails.',
    look: ['`systemctl status ollama`, `journalctl -u ollama -n 50`.', '`curl -s http://127.0.0.1:11434/api/version`.'],
    causes: [
      'The service is stopped, or ended for lack of memory (NodeOutOfMemoryKill); it listens on another address; a driver hangs.',
    ],
    mend: ['`systemctl restart ollama`; set `ollama.url` if it listens elsewhere.'],
  },
  proof: {
    series: { [`ollama_up${server()}`]: phases([1, 10], [0, 1], [1, 10], [0, 20], [1, 10]) },
    quiet: 11,
    fires: 30,
    resolves: 45,
  },
}

const spilled: AlertRule = {
  alert: 'OllamaModelSpilled',
  expr: `ollama_model_spill_ratio{job="ollama"} > ${ollama.spill} and ollama_model_vram_bytes{job="ollama"} > 0`,
  for: '5m',
  severity: 'warning',
  component: 'ollama',
  summary: `{{ $labels.model }} on ${on} does not fit into video memory`,
  description:
    '{{ $value | humanizePercentage }} of {{ $labels.model }} lie in main memory; that part runs on processors.',
  board: 'ollama',
  runbook: {
    means: 'Answers of this model come several times slower than they could.',
    look: ['`ollama ps`, column PROCESSOR; page Models of the console.'],
    causes: [
      'A model, or its context, larger than the video memory that is free; other models or programs on the card.',
    ],
    mend: [
      'Unload other models; a smaller quantisation; a shorter context (`num_ctx`); `OLLAMA_FLASH_ATTENTION=1` with a quantised KV cache.',
    ],
  },
  proof: {
    series: {
      [`ollama_model_spill_ratio${model}`]: phases([0, 10], [0.4, 4], [0, 5], [0.4, 20], [0, 10]),
      [`ollama_model_vram_bytes${model}`]: always(25e9),
    },
    quiet: 13,
    fires: 35,
    resolves: 45,
    labels: { model: 'llama3.3:70b' },
  },
}

const onProcessors: AlertRule = {
  alert: 'OllamaModelOnProcessors',
  // Only on a machine that has a card: elsewhere it is how things are.
  expr: 'ollama_model_ram_bytes{job="ollama"} > 0 and on (instance, model) ollama_model_vram_bytes{job="ollama"} == 0 and on (instance) count by (instance) (gpu_memory_total_bytes{job="gpu"})',
  for: '5m',
  severity: 'warning',
  component: 'ollama',
  summary: `{{ $labels.model }} on ${on} runs on processors alone`,
  description:
    '{{ $value | humanize1024 }}B of {{ $labels.model }} lie in main memory, and nothing in video memory, though there is a card.',
  board: 'ollama',
  runbook: {
    means: 'The card is not used for this model; answers come ten to fifty times slower.',
    look: ['`ollama ps`; the log of Ollama at the load of the model: "no compatible GPUs" or "offloaded 0/81 layers".'],
    causes: ['A driver that Ollama cannot use, after an upgrade; the card is full; `num_gpu` 0 in the model.'],
    mend: ['Restart Ollama once `nvidia-smi` works; free video memory; remove `num_gpu`.'],
  },
  proof: {
    series: {
      [`ollama_model_ram_bytes${model}`]: phases([0, 10], [4e10, 4], [0, 5], [4e10, 20], [0, 10]),
      [`ollama_model_vram_bytes${model}`]: always(0),
      'gpu_memory_total_bytes{job="gpu", instance="ai:9464", gpu="0"}': always(1e11),
    },
    quiet: 13,
    fires: 35,
    resolves: 45,
    labels: { model: 'llama3.3:70b' },
  },
}

const thrash: AlertRule = {
  alert: 'OllamaModelThrash',
  expr: `sum by (job, instance, model) (increase(ollama_model_load_total{job="ollama"}[1h])) > ${ollama.loadsPerHour}`,
  for: '5m',
  severity: 'warning',
  component: 'ollama',
  summary: `{{ $labels.model }} on ${on} is loaded again and again`,
  description: `{{ $labels.model }} was loaded {{ printf "%.0f" $value }} times within an hour; more than ${ollama.loadsPerHour}.`,
  board: 'ollama',
  runbook: {
    means: 'Every load reads gigabytes and makes somebody wait; models push each other out.',
    look: ['Page Models of the console: what is loaded, and when it expires.'],
    causes: [
      'More models in use than fit; a `keep_alive` that is too short; clients that ask with different `num_ctx`.',
    ],
    mend: [
      'Use fewer models; raise `OLLAMA_KEEP_ALIVE`; give all clients the same context length; pin with `keep_alive: -1`.',
    ],
  },
  proof: {
    series: { [`ollama_model_load_total${model}`]: counter([0.08, 90], [0.5, 90], [0, 90]) },
    quiet: 89,
    fires: 170,
    resolves: 260,
    labels: { model: 'llama3.3:70b' },
  },
}

const lost: AlertRule = {
  alert: 'OllamaPinnedModelUnloaded',
  expr: 'ollama_model_pinned{job="ollama"} offset 10m == 1 unless on (job, instance, model) ollama_model_pinned{job="ollama"}',
  for: '5m',
  keepFiringFor: '30m',
  severity: 'warning',
  component: 'ollama',
  summary: `{{ $labels.model }} on ${on} was pinned and is gone`,
  description: '{{ $labels.model }} should stay loaded (value {{ $value }}), but has been unloaded.',
  board: 'ollama',
  runbook: {
    means: 'The next request waits until the model is loaded again.',
    look: ['`ollama ps`; `journalctl -u ollama -n 100`: was it restarted.'],
    causes: ['A restart of Ollama forgets what was pinned; another model needed the room.'],
    mend: ['`curl http://127.0.0.1:11434/api/generate -d \'{"model":"NAME","keep_alive":-1}\'` loads and pins it.'],
  },
  // The look back finds it for ten minutes only; from then on keep_firing_for keeps the alert for half an hour.
  proof: {
    series: { [`ollama_model_pinned${model}`]: phases([1, 30], [undefined, 80]) },
    quiet: 29,
    fires: 42,
    resolves: 95,
    labels: { model: 'llama3.3:70b' },
  },
}

const version: AlertRule = {
  alert: 'OllamaRestartedWithOtherVersion',
  expr: 'count by (job, instance) (count by (job, instance, version) (last_over_time(ollama_version_info{job="ollama"}[15m]))) > 1',
  for: '0m',
  severity: 'info',
  component: 'ollama',
  summary: `Ollama watched by ${on} has another version`,
  description: '{{ $value }} versions were seen within 15 minutes.',
  board: 'ollama',
  runbook: {
    means: 'It was upgraded or set back. If something else fires now, that is the first suspect.',
    look: ['`ollama --version`; `journalctl -u ollama`.'],
    causes: ['An upgrade, by hand or by itself.'],
    mend: ['Nothing, if it was meant to be.'],
  },
  proof: {
    series: {
      [`ollama_version_info${server('version="0.24.0"')}`]: phases([1, 30], [undefined, 60]),
      [`ollama_version_info${server('version="0.25.0"')}`]: phases([undefined, 30], [1, 60]),
    },
    quiet: 29,
    fires: 35,
    resolves: 60,
  },
}

const idle: AlertRule = {
  alert: 'GPUBusyWithoutModel',
  expr: 'gpu:utilization:avg5m > 0.5 and on (instance) ollama_loaded_models{job="ollama"} == 0',
  for: '30m',
  severity: 'info',
  component: 'gpu',
  summary: 'GPU {{ $labels.gpu }} of {{ $labels.instance }} works, but no model is loaded',
  description: `The card is busy for {{ $value | humanizePercentage }} of the time, and Ollama has nothing loaded. Idle is below ${share(gpu.idle)}.`,
  board: 'gpu',
  runbook: {
    means: 'Something else uses the card: it may be meant, or a process that was left behind, or a stranger.',
    look: ['`nvidia-smi`: the list of processes.'],
    causes: ['Training, a notebook, a game; a runner that outlived Ollama; somebody mining.'],
    mend: ['End the process if nobody wants it: `kill PID`.'],
  },
  proof: {
    series: {
      'gpu_utilization_ratio{job="gpu", instance="ai:9464", gpu="0"}': phases([0.4, 40], [0.9, 60], [0, 20]),
      [`ollama_loaded_models${server()}`]: always(0),
    },
    quiet: 39,
    fires: 90,
    resolves: 115,
    labels: { gpu: '0' },
  },
}

/** What is recorded and told about Ollama and its models. */
export const ollamaRules: RuleGroup = {
  name: 'ollama',
  title: 'Ollama and models',
  recording: [
    {
      record: 'instance:ollama_model_vram_bytes:sum',
      expr: 'sum by (job, instance) (ollama_model_vram_bytes{job="ollama"})',
    },
    {
      record: 'instance:ollama_model_ram_bytes:sum',
      expr: 'sum by (job, instance) (ollama_model_ram_bytes{job="ollama"})',
    },
    {
      record: 'instance_model:ollama_model_loads:increase1h',
      expr: 'sum by (job, instance, model) (increase(ollama_model_load_total{job="ollama"}[1h]))',
    },
    {
      record: 'instance:ollama_models_size_bytes:sum',
      expr: 'sum by (job, instance) (ollama_model_size_bytes{job="ollama"})',
    },
  ],
  alerts: [down, spilled, onProcessors, thrash, lost, version, idle],
}
