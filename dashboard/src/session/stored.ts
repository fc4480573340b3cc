/**
 * The session of this tab: kept in sessionStorage, which no other origin and no other tab can read, and which ends with
 * the tab.
 */
export type Session = { token: string; refreshToken?: string }

const KEY = 'mykpi-session'

export function readSession(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  } catch {
    return null
  }
}

export function writeSession(session: Session | null): void {
  if (session) sessionStorage.setItem(KEY, JSON.stringify(session))
  else sessionStorage.removeItem(KEY)
}

/** The session that a development link brings, `/#token=…`, if the address is one. */
export function linkedSession(): Session | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  return token ? { token } : null
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

const MARGIN = 60_000 // renew this long before a token expires

/** Whether a token may be used as it is, without a renewal first. */
export function isFresh(token: string): boolean {
  return expiry(token) - MARGIN > Date.now()
}
