/**
 * A complete model file of the smallest kind: llama architecture, one layer, random weights, a vocabulary of bytes.
 * It says nonsense, but a real Ollama loads and runs it in a moment.
 */
const shape = { context: 256, embedding: 64, feedForward: 128, heads: 2, layers: 1 } as const
const alignment = 32

const kinds = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const
type Scalar = 'uint32' | 'int32' | 'float32' | 'string'
type Entry = readonly [key: string, kind: Scalar | readonly [Scalar], value: unknown]

function vocabulary(): string[] {
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)
  const letters = Array.from({ length: 26 }, (_, i) => `\u2581${String.fromCodePoint(97 + i)}`)
  return ['<unk>', '<s>', '</s>', ...bytes, ...letters, '\u2581', '\u2581the']
}

function metadata(tokens: readonly string[]): Entry[] {
  const types = tokens.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1))
  return [
    ['general.architecture', 'string', 'llama'],
    ['general.name', 'string', 'tiny'],
    ['general.file_type', 'uint32', 0],
    ['llama.context_length', 'uint32', shape.context],
    ['llama.embedding_length', 'uint32', shape.embedding],
    ['llama.block_count', 'uint32', shape.layers],
    ['llama.feed_forward_length', 'uint32', shape.feedForward],
    ['llama.attention.head_count', 'uint32', shape.heads],
    ['llama.attention.head_count_kv', 'uint32', shape.heads],
    ['llama.attention.layer_norm_rms_epsilon', 'float32', 1e-5],
    ['llama.rope.dimension_count', 'uint32', shape.embedding / shape.heads],
    ['llama.rope.freq_base', 'float32', 10_000],
    ['llama.vocab_size', 'uint32', tokens.length],
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.tokens', ['string'], tokens],
    ['tokenizer.ggml.scores', ['float32'], tokens.map((_, i) => -i)],
    ['tokenizer.ggml.token_type', ['int32'], types],
    ['tokenizer.ggml.bos_token_id', 'uint32', 1],
    ['tokenizer.ggml.eos_token_id', 'uint32', 2],
    ['tokenizer.ggml.unknown_token_id', 'uint32', 0],
  ]
}

/** Name and dimensions of every tensor, the fastest-moving dimension first. */
function tensors(vocabularySize: number): [name: string, dimensions: number[]][] {
  const { embedding, feedForward } = shape
  const layers = Array.from({ length: shape.layers }, (_, i): [string, number[]][] => [
    [`blk.${i}.attn_norm.weight`, [embedding]],
    [`blk.${i}.attn_q.weight`, [embedding, embedding]],
    [`blk.${i}.attn_k.weight`, [embedding, embedding]],
    [`blk.${i}.attn_v.weight`, [embedding, embedding]],
    [`blk.${i}.attn_output.weight`, [embedding, embedding]],
    [`blk.${i}.ffn_norm.weight`, [embedding]],
    [`blk.${i}.ffn_gate.weight`, [embedding, feedForward]],
    [`blk.${i}.ffn_up.weight`, [embedding, feedForward]],
    [`blk.${i}.ffn_down.weight`, [feedForward, embedding]],
  ])
  const head: [string, number[]] = ['output.weight', [embedding, vocabularySize]]
  return [
    ['token_embd.weight', [embedding, vocabularySize]],
    ['output_norm.weight', [embedding]],
    head,
    ...layers.flat(),
  ]
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint64(bytes.length), bytes])
}

function scalar(kind: Scalar, value: unknown): Buffer {
  if (kind === 'string') return text(value as string)
  const bytes = Buffer.alloc(4)
  if (kind === 'float32') bytes.writeFloatLE(value as number)
  else if (kind === 'int32') bytes.writeInt32LE(value as number)
  else bytes.writeUInt32LE(value as number)
  return bytes
}

function entry([key, kind, value]: Entry): Buffer {
  if (typeof kind === 'string') return Buffer.concat([text(key), uint32(kinds[kind]), scalar(kind, value)])
  const items = (value as unknown[]).map((item) => scalar(kind[0], item))
  return Buffer.concat([text(key), uint32(kinds.array), uint32(kinds[kind[0]]), uint64(items.length), ...items])
}

/** Never written: the three control tokens, so that no answer ends by chance, and what is not ASCII. */
const silent = (token: number): boolean => token < 3 || (token >= 3 + 128 && token < 3 + 256)

/**
 * Small random numbers, the same each time; ones for the norms. The last dimension of every token is large, which
 * makes it constant behind the norm, and there the output of silent tokens is pushed down.
 */
function weights(name: string, count: number): Buffer {
  const last = shape.embedding - 1
  let state = name.length * 7919
  const values = Float32Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    if (name.includes('norm')) return 1
    const steering = i % shape.embedding === last
    if (steering && name === 'token_embd.weight') return 10
    if (steering && name === 'output.weight') return silent(Math.floor(i / shape.embedding)) ? -5 : 0
    return (state / 2 ** 32 - 0.5) * 0.2
  })
  return Buffer.from(values.buffer)
}

const padding = (length: number): Buffer => Buffer.alloc((alignment - (length % alignment)) % alignment)

/** The bytes of the file, some 300 kB. */
export function tinyGguf(): Buffer {
  const tokens = vocabulary()
  const entries = metadata(tokens).map((one) => entry(one))
  const infos: Buffer[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const [name, dimensions] of tensors(tokens.length)) {
    const bytes = weights(
      name,
      dimensions.reduce((a, b) => a * b, 1),
    )
    const type = 0 // F32
    infos.push(text(name), uint32(dimensions.length), ...dimensions.map((n) => uint64(n)), uint32(type), uint64(offset))
    data.push(bytes, padding(bytes.length))
    offset += bytes.length + padding(bytes.length).length
  }
  const counts = [uint64(tensors(tokens.length).length), uint64(entries.length)]
  const head = Buffer.concat([Buffer.from('GGUF'), uint32(3), ...counts, ...entries, ...infos])
  return Buffer.concat([head, padding(head.length), ...data])
}
