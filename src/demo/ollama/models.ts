import { createHash } from 'node:crypto'

export type Capability = 'completion' | 'tools' | 'thinking' | 'insert' | 'vision' | 'embedding'

/** A model of the simulated library; sizes and speeds are those of the real one on a 24 GB card, roughly. */
export interface SimModel {
  readonly name: string
  readonly family: string
  readonly parameterSize: string
  readonly parameters: number
  readonly quantization: string
  /** Bytes of the weights. */
  readonly size: number
  readonly layers: number
  readonly contextMax: number
  readonly embeddingLength: number
  /** Bytes of key-value cache for one token of context. */
  readonly cachePerToken: number
  readonly capabilities: readonly Capability[]
  /** Written by one request alone. */
  readonly tokensPerSecond: number
  readonly promptTokensPerSecond: number
  readonly loadSeconds: number
  /** Digests of the manifest and of the weights, 64 hex digits. */
  readonly digest: string
  readonly blob: string
}

type Facts = Omit<SimModel, 'digest' | 'blob'>

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Completes a model with digests that depend on its name alone. */
export function defineModel(facts: Facts): SimModel {
  return { ...facts, digest: sha256(`manifest of ${facts.name}`), blob: sha256(`weights of ${facts.name}`) }
}

function chat(
  [name, family, quantization]: readonly [string, string, string],
  [parameterSize, parameters, size]: readonly [string, number, number],
  [layers, embeddingLength, contextMax, cachePerToken]: readonly [number, number, number, number],
  [tokensPerSecond, promptTokensPerSecond, loadSeconds]: readonly [number, number, number],
  capabilities: readonly Capability[] = ['completion', 'tools'],
): SimModel {
  return defineModel({
    name,
    family,
    quantization,
    parameterSize,
    parameters,
    size,
    layers,
    embeddingLength,
    contextMax,
    cachePerToken,
    tokensPerSecond,
    promptTokensPerSecond,
    loadSeconds,
    capabilities,
  })
}

/** Installed at start. The 70B does not fit into 24 GB and spills to the CPU. */
export const installed: readonly SimModel[] = [
  chat(
    ['llama3.2:3b', 'llama', 'Q4_K_M'],
    ['3.2B', 3_212_749_888, 2_019_377_376],
    [28, 3072, 131_072, 114_688],
    [142, 5200, 2.1],
  ),
  chat(
    ['llama3.1:8b', 'llama', 'Q4_K_M'],
    ['8.0B', 8_030_261_312, 4_920_738_944],
    [32, 4096, 131_072, 131_072],
    [88, 3100, 3.4],
  ),
  chat(
    ['qwen3:14b', 'qwen3', 'Q4_K_M'],
    ['14.8B', 14_768_307_200, 9_276_184_960],
    [40, 5120, 40_960, 163_840],
    [49, 1700, 5.6],
    ['completion', 'tools', 'thinking'],
  ),
  chat(
    ['gemma3:12b', 'gemma3', 'Q4_K_M'],
    ['12.2B', 12_187_325_040, 8_149_190_199],
    [48, 3840, 131_072, 122_880],
    [54, 1900, 5.1],
    ['completion', 'vision'],
  ),
  chat(
    ['mistral:7b', 'llama', 'Q5_K_M'],
    ['7.2B', 7_248_023_552, 5_136_175_104],
    [32, 4096, 32_768, 131_072],
    [92, 3300, 3.2],
    ['completion', 'tools', 'insert'],
  ),
  chat(
    ['llama3.3:70b', 'llama', 'Q4_K_M'],
    ['70.6B', 70_553_706_560, 42_520_395_584],
    [80, 8192, 131_072, 327_680],
    [3.1, 95, 24],
  ),
  chat(
    ['nomic-embed-text:latest', 'nomic-bert', 'F16'],
    ['137M', 136_727_040, 274_302_450],
    [12, 768, 2048, 0],
    [0, 24_000, 0.6],
    ['embedding'],
  ),
]

/** Can be pulled. */
export const registry: readonly SimModel[] = [
  chat(
    ['phi4:14b', 'phi3', 'Q4_K_M'],
    ['14.7B', 14_659_507_200, 9_053_116_391],
    [40, 5120, 16_384, 204_800],
    [51, 1800, 5.4],
    ['completion'],
  ),
  chat(
    ['qwen2.5-coder:7b', 'qwen2', 'Q4_K_M'],
    ['7.6B', 7_615_616_512, 4_683_087_519],
    [28, 3584, 32_768, 57_344],
    [90, 3200, 3.1],
    ['completion', 'tools', 'insert'],
  ),
  chat(
    ['smollm2:135m', 'llama', 'F16'],
    ['134.52M', 134_515_008, 270_898_672],
    [30, 576, 8192, 23_040],
    [410, 21_000, 0.5],
  ),
]

/** The `details` of /api/tags, /api/ps and /api/show. */
export function detailsOf(model: SimModel): object {
  return {
    parent_model: '',
    format: 'gguf',
    family: model.family,
    families: [model.family],
    parameter_size: model.parameterSize,
    quantization_level: model.quantization,
  }
}

/** `Llama3.2` -> `llama3.2:latest`; the default registry and library are left out, as Ollama shows names. */
export function fullName(name: string): string {
  const short = name
    .toLowerCase()
    .replace(/^(https?:\/\/)?registry\.ollama\.ai\//, '')
    .replace(/^library\//, '')
  return /:[^/]*$/.test(short) ? short : `${short}:latest`
}
