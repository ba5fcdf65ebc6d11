/** Finds the model that a digest belongs to. */
export interface DigestIndex {
  /**
   * Name of the model with this manifest or weights file: `sha256:…`, `sha256-…`, bare hex, at least 12 digits of
   * it, or a path or command line that ends in or contains one, as a runner's does.
   */
  modelOf(text: string): string | undefined
}

export interface DigestIndexWriter extends DigestIndex {
  add(digest: string, model: string): void
}

const hex = /(?<![0-9a-f])[0-9a-f]{12,64}(?![0-9a-f])/g

/** Keeps what it once learnt: a process may outlive the model's name. A name re-pulled gets its new digest besides. */
export function createDigestIndex(): DigestIndexWriter {
  const models = new Map<string, string>()
  return {
    add: (digest, model) => void models.set(digest.replace(/^sha256[-:]/, ''), model),
    modelOf(text) {
      for (const [digits] of text.matchAll(hex)) {
        const exact = models.get(digits)
        if (exact !== undefined) return exact
        for (const [digest, model] of models) if (digest.startsWith(digits)) return model
      }
      return undefined
    },
  }
}
