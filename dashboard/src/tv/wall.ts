import { request } from '../api/client'
import { VersionDocument } from '../api/generated'

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

/**
 * Loads the page anew when the server was updated or the page itself broke: rarely, so that it never spins, and while the
 * server answers, so that no browser's own page of errors is left on the wall.
 */
export function healByItself(): () => void {
  let running: string | null = null
  let broken = false
  const breaks = () => (broken = true)
  const check = async () => {
    const { version } = await request(VersionDocument, {})
    running ??= version
    if ((broken || version !== running) && Date.now() - LOADED_AT > RELOAD_AT_MOST_EVERY) location.reload()
  }
  const checkQuietly = () => void check().catch(() => {})
  checkQuietly()
  const timer = setInterval(checkQuietly, CHECK)
  window.addEventListener('error', breaks)
  window.addEventListener('unhandledrejection', breaks)
  return () => {
    clearInterval(timer)
    window.removeEventListener('error', breaks)
    window.removeEventListener('unhandledrejection', breaks)
  }
}
