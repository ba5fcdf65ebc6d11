/** What Ollama answers instead of a result: a status and the text of `error`. */
export class OllamaFailure extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound = (name: string): OllamaFailure => new OllamaFailure(404, `model '${name}' not found`)
/** The same, as the routes say it that look for the model later. */
export const notPulled = (name: string): OllamaFailure =>
  new OllamaFailure(404, `model "${name}" not found, try pulling it first`)
export const badRequest = (message: string): OllamaFailure => new OllamaFailure(400, message)
export const cancelled = (): OllamaFailure => new OllamaFailure(499, 'request canceled')
export const busy = (): OllamaFailure =>
  new OllamaFailure(503, 'server busy, please try again.  maximum pending requests exceeded')
