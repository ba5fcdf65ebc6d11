import { createHttpGet } from '../lib/http-get.ts'

const get = createHttpGet(3000)

/** Body of a GET, or why there is none, within three seconds. */
export async function answer(url: string): Promise<{ ok: true; text: string } | { ok: false; cause: string }> {
  try {
    const { status, body } = await get(url)
    return status >= 200 && status < 300 ? { ok: true, text: body } : { ok: false, cause: `HTTP ${status}` }
  } catch (error) {
    return { ok: false, cause: error instanceof Error ? error.message : String(error) }
  }
}
