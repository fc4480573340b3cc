import { since } from '../format/time'
import { now } from '../state/clock'
import { connection } from '../state/live'

const STALE_AFTER = 60_000

/** Whether what the page shows is true now; said aloud when it changes. */
export function ConnectionState() {
  const { state, since: start } = connection.value
  const stale = state === 'reconnecting' && now.value - start > STALE_AFTER
  const text =
    state === 'live' ? 'Live' : state === 'connecting' ? 'Connecting…' : stale ? `Not live: as of ${since(start, now.value)}` : 'Reconnecting…'
  return (
    <span class={`connection ${stale ? 'stale' : state}`} role="status">
      <i aria-hidden="true" />
      {text}
    </span>
  )
}
