import { signal } from '@preact/signals'

/**
 * The session of this tab: kept in sessionStorage, which no other origin and no other tab can read, and which ends with
 * the tab.
 */
export type Session = { token: string; refreshToken?: string }

const KEY = 'mykpi-session'

export const session = signal<Session | null>(read())

function read(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  } catch {
    return null
  }
}

export function setSession(next: Session | null): void {
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next))
  else sessionStorage.removeItem(KEY)
  session.value = next
}

/** When a token expires, in milliseconds since 1970; never, if it does not say. */
export function expiry(token: string): number {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
    const { exp } = JSON.parse(atob(payload))
    return typeof exp === 'number' ? exp * 1000 : Infinity
  } catch {
    return Infinity
  }
}

/**
 * Takes the token of a development link, `/#token=…`, and takes it out of the address bar and the history at once; answers
 * whether there was one.
 */
export function adoptLink(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (!token) return false
  history.replaceState(null, '', location.pathname + location.search)
  setSession({ token })
  return true
}
