// Whether Aura in this container is ready: exit code 0 or 1, and the reason on standard output.
const port = process.env['AURA_SERVER_PORT'] ?? '8080'
try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4000) })
  console.log(await response.text())
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  console.log(cause instanceof Error ? cause.message : String(cause))
  process.exitCode = 1
}
