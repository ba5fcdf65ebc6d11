import { useRealtime } from '../realtime/context.ts'

/** Who is signed in. Until the server has said so it is the one that is built in. */
export function WhoAmI() {
  const { connection } = useRealtime()
  return (
    <span class="frame-who" title="Signed in">
      <span class="visually-hidden">Signed in as </span>
      {connection().principal ?? 'local'}
    </span>
  )
}
