import { createContext, useContext, type Accessor } from 'solid-js'
import type { Contracts, EventContracts, EventTopic, FeatureName } from '../../../src/features/contracts.ts'
import type { Live, Realtime } from './types.ts'

const Context = createContext<Realtime>()

/** Gives the pages below it the connection: `<RealtimeProvider value={…}>`. */
export const RealtimeProvider = Context.Provider

export function useRealtime(): Realtime {
  const realtime = useContext(Context)
  if (realtime === undefined) throw new Error('useRealtime() outside RealtimeProvider')
  return realtime
}

/** Follows a topic for as long as the component lives: `const system = useTopic('system'); system().value?.cpu.busy`. */
export const useTopic = <Name extends FeatureName>(topic: Name): Accessor<Live<Contracts[Name]>> =>
  useRealtime().subscribe(topic)

/** Hears what happens on a topic of events for as long as the component lives. */
export const useEvents = <Name extends EventTopic>(
  topic: Name,
  heard: (event: EventContracts[Name]) => void,
): Accessor<Pick<Live<unknown>, 'denied' | 'unavailable'>> => useRealtime().listen(topic, heard)
