/** Body of a GET, or why there is none, within three seconds. */
export async function answer(url: string): Promise<{ ok: true; text: string } | { ok: false; cause: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) })
    const text = await response.text()
    return response.ok ? { ok: true, text } : { ok: false, cause: `HTTP ${response.status}` }
  } catch (error) {
    return { ok: false, cause: causeOf(error) }
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
