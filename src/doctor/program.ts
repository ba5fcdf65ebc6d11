import { execFile } from 'node:child_process'

/** What a short-lived program printed on stdout and stderr, or why it failed, within three seconds. */
export function commandOutput(
  program: string,
  args: readonly string[],
): Promise<{ ok: true; text: string } | { ok: false; cause: string }> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 3000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error === null) resolve({ ok: true, text: stdout + stderr })
      else resolve({ ok: false, cause: (stderr || stdout || error.message).trim().split('\n', 1)[0] ?? '' })
    })
  })
}
