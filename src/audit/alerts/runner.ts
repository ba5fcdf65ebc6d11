/** ms. */
const retry = 5000

/** Runs `work` again and again: at once when asked, and later when it failed. Never twice at a time. */
export function createRunner(work: () => Promise<void>, failed: (error: unknown) => void) {
  let running: Promise<void> | undefined
  let wanted = false
  let timer: NodeJS.Timeout | undefined
  let closed = false
  async function run(): Promise<void> {
    while (wanted) {
      wanted = false
      try {
        await work()
      } catch (error) {
        failed(error)
        clearTimeout(timer)
        timer = setTimeout(wake, retry).unref()
        break
      }
    }
    running = undefined
  }
  function wake(): void {
    if (closed) return
    wanted = true
    running ??= run()
  }
  return {
    wake,
    async settled() {
      wake()
      await running
    },
    async close() {
      closed = true
      wanted = false
      clearTimeout(timer)
      await running
    },
  }
}
