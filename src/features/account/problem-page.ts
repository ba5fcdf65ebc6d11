import type { FastifyReply, FastifyRequest } from 'fastify'
import { RefusedError } from '../../errors.ts'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (letter) => escapes[letter] ?? '')

/** Says in a page, without a script or a style of its own, what a program would be told in JSON. */
const page = (message: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not signed in - Aura</title>
<h1>Not signed in</h1>
<p>${escaped(message)}.</p>
<p><a href="/sign-in">Back to signing in</a></p>
</html>
`

/**
 * For addresses that people open, not programs: a refusal becomes a page with a way back, where the browser asks for one.
 * Whatever else goes wrong, goes on as ever.
 */
export async function sayToPeople(request: FastifyRequest, reply: FastifyReply, run: () => Promise<unknown>) {
  void reply.header('cache-control', 'no-store')
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof RefusedError) || request.headers.accept?.includes('text/html') !== true) throw error
    const after = error.details['retryAfter']
    if (typeof after === 'number') void reply.header('retry-after', String(after))
    return reply.code(error.statusCode).type('text/html; charset=utf-8').send(page(error.message))
  }
}
