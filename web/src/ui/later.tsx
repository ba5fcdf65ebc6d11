import { createComponent, createSignal, lazy, Match, Switch, type ComponentProps } from 'solid-js'
import { loadAgain, orElse } from '../load-again.ts'
import { StateBanner } from './state-banner.tsx'

/** Any component, as Solid has it. */
type Part = Awaited<ReturnType<Parameters<typeof lazy>[0]>>['default']

/** Stands where a part belongs that could not be loaded, until it could. */
function standIn<P extends Part>(load: () => Promise<P>): P {
  const [part, setPart] = createSignal<P>()
  const [failed, setFailed] = createSignal<string>()
  loadAgain(load).then(
    (loaded) => setPart(() => loaded),
    (reason: unknown) => setFailed(String(reason)),
  )
  const StandIn = (props: ComponentProps<P>) => (
    <Switch
      fallback={
        <StateBanner state="loading" title="Waiting for Aura">
          This part of the page has not been loaded yet; it will be as soon as Aura answers.
        </StateBanner>
      }
    >
      <Match when={part()}>{(loaded) => createComponent(loaded(), props)}</Match>
      <Match when={failed()}>
        <StateBanner
          state="error"
          title="This part of the page cannot be loaded"
          action={{ label: 'Reload the page', run: () => location.reload() }}
        >
          Aura answers, but this part does not come: {failed()}
        </StateBanner>
      </Match>
    </Switch>
  )
  return StandIn as P
}

/** A component that is loaded when first wanted. If Aura is away by then it comes when Aura does, and says so until then. */
export const later = <P extends Part>(load: () => Promise<P>): P =>
  lazy(async () => ({ default: await orElse(load(), () => standIn(load)) }))
