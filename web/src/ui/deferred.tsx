import { createMemo, createSignal, onCleanup, Show, Suspense, type JSX } from 'solid-js'
import { createInSight } from './in-sight.ts'
import './deferred.css'

/** CSS pixels outside the window at which it is there already. */
const near = 100

/**
 * Renders what it holds once that comes near the window, and then for good. Whoever takes to the keyboard, to search the
 * page or to walk through it, and whoever prints it, gets all of it at once.
 */
export function Deferred(props: { readonly children: JSX.Element }) {
  const [box, setBox] = createSignal<HTMLDivElement>()
  const [asked, setAsked] = createSignal(false)
  const inSight = createInSight(box, near)
  const ask = () => setAsked(true)
  for (const event of ['keydown', 'beforeprint']) {
    addEventListener(event, ask, { once: true })
    onCleanup(() => removeEventListener(event, ask))
  }
  const wanted = createMemo((before: boolean) => before || asked() || inSight(), false)
  return (
    <Show when={wanted()} fallback={<div ref={setBox} class="deferred" />}>
      <Suspense fallback={<div class="deferred" />}>{props.children}</Suspense>
    </Show>
  )
}
