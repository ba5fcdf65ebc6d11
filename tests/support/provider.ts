import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ProviderPeople, Spoil } from './provider-process.ts'

export const clientSecret = 'a-secret-of-a-client-that-is-long-enough'

/** A provider in a process of its own, which has accounts for these people. */
export async function startProvider(people: ProviderPeople, port = 0) {
  const args = [JSON.stringify([people, port])]
  const child = fork(join(import.meta.dirname, 'provider-process.ts'), args, { silent: true })
  const said: string[] = []
  child.stderr?.on('data', (data: Buffer) => said.push(data.toString()))
  const exited = once(child, 'exit')
  const [issuer] = (await Promise.race([once(child, 'message'), exited])) as [unknown]
  if (typeof issuer !== 'string') throw new Error(`the provider did not start: ${said.join('')}`)
  return {
    issuer,
    /** How its next answers are wrong; nothing: they are right again. */
    async spoil(how: Spoil = {}): Promise<void> {
      const done = once(child, 'message')
      child.send(how)
      await done
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** A browser as far as signing in takes one: cookies by origin, redirects one at a time, forms. */
export function createBrowser() {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: string): Map<string, string> => {
    const { origin } = new URL(url)
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }
  async function visit(url: string, more: RequestInit = {}) {
    const jar = jarOf(url)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...(cookie !== '' && { cookie }), ...(more.headers as object) }
    const answer = await fetch(url, { ...more, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line) || /expires=thu, 01 jan 1970/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    const location = answer.headers.get('location')
    const next = location === null ? undefined : new URL(location, url).href
    return { status: answer.status, headers: answer.headers, text: await answer.text(), next }
  }
  /** Goes on at the provider as that person, until it sends the browser to `until`; that address, not yet opened. */
  async function comeBack(url: string, person: string, until: string): Promise<string> {
    let next: string | undefined = url
    for (let steps = 0; next !== undefined && steps < 20; steps++) {
      if (next.startsWith(until)) return next
      const seen = await visit(next)
      const action = /<form[^>]* action="([^"]+)"/.exec(seen.text)?.[1]
      if (action === undefined) next = seen.next
      else {
        const prompt = /name="prompt" value="(\w+)"/.exec(seen.text)?.[1] ?? ''
        const body = new URLSearchParams({ prompt, login: person, password: 'anything' })
        next = (await visit(new URL(action, next).href, { method: 'POST', body })).next
      }
    }
    throw new Error(`the provider does not send the browser back: ${next}`)
  }
  return { visit, comeBack, jarOf }
}
