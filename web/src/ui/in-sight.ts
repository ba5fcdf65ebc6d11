import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'

/** Whether an element is in the window, or less than `margin` CSS pixels away from it. Always, where nobody can tell. */
export function createInSight(element: Accessor<Element | undefined>, margin: number): Accessor<boolean> {
  if (typeof IntersectionObserver !== 'function') return () => true
  const [inSight, setInSight] = createSignal(false)
  createEffect(() => {
    const observed = element()
    if (observed === undefined) return
    const observer = new IntersectionObserver((entries) => setInSight(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: `${margin}px`,
    })
    observer.observe(observed)
    onCleanup(() => observer.disconnect())
  })
  return inSight
}
