/** A stream of numbers in [0, 1) that a text seeds; the same text gives the same numbers on every machine. */
export function createRandom(seed: string): () => number {
  let state = 2_166_136_261
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 16_777_619)
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const words = (
  'the a this each one system model answer question value memory request queue load time result first next because ' +
  'when while before after than more less most often rarely small large steady sudden change cause effect number ' +
  'measure compare depends means shows keeps moves waits returns grows falls reads writes starts ends holds breaks ' +
  'server client driver kernel process cache token layer weight context window batch thread signal buffer page disk ' +
  'in on of to for with from under over between without and or but so then still only also even never always'
).split(' ')

/** About four characters to a token, as a model of English counts. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4)

/** Words for ever, one token each, in sentences of 6 to 18. */
export function* babble(random: () => number): Generator<string, never> {
  for (let sentence = 0; ; sentence++) {
    const length = 6 + Math.floor(random() * 13)
    for (let i = 0; i < length; i++) {
      const word = words[Math.floor(random() * words.length)] as string
      const start = i === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word
      const end = i === length - 1 ? '.' : ''
      yield `${sentence === 0 && i === 0 ? '' : ' '}${start}${end}`
    }
  }
}

/** Tokens of an answer that nothing cuts short: 30 to 230. */
export const naturalLength = (random: () => number): number => 30 + Math.floor(random() ** 2 * 200)

/** A unit vector that depends on the words of a text, so that texts that share words lie near each other. */
export function embed(text: string, dimensions: number): number[] {
  const vector = Array.from<number>({ length: dimensions }).fill(0)
  for (const word of text.toLowerCase().split(/\W+/)) {
    const random = createRandom(word)
    for (let i = 0; i < dimensions; i++) (vector[i] as number) += random() - 0.5
  }
  const norm = Math.hypot(...vector) || 1
  return vector.map((value) => Math.fround(value / norm))
}
