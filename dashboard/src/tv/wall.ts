import { request } from '../api/client'
import { VersionDocument } from '../api/generated'
import { connection } from '../state/live'

/** What a screen on a wall needs, where nobody presses reload. */

const CHECK = 60_000
const RELOAD_AT_MOST_EVERY = 5 * 60_000
const LOADED_AT = Date.now()

/** Keeps the screen on, also after the page was hidden for a while. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | undefined
  const ask = async () => {
    if (document.visibilityState === 'visible') lock = await navigator.wakeLock?.request('screen').catch(() => undefined)
  }
  ask()
  document.addEventListener('visibilitychange', ask)
  return () => {
    document.removeEventListener('visibilitychange', ask)
    lock?.release()
  }
}

/** Loads the page anew when the server was updated or the page itself broke; rarely, so that it never spins. */
export function healByItself(): () => void {
  let running: string | null = null
  const reload = () => {
    if (Date.now() - LOADED_AT > RELOAD_AT_MOST_EVERY) location.reload()
  }
  const check = async () => {
    if (connection.value.state !== 'live') return
    const { version } = await request(VersionDocument, {})
    running ??= version
    if (version !== running) reload()
  }
  const timer = setInterval(() => check().catch(() => {}), CHECK)
  window.addEventListener('error', reload)
  window.addEventListener('unhandledrejection', reload)
  return () => {
    clearInterval(timer)
    window.removeEventListener('error', reload)
    window.removeEventListener('unhandledrejection', reload)
  }
}
