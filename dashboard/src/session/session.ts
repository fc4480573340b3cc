import { options } from '../options'
import { renew, signOutURL } from './cognito'
import { isFresh } from './stored'
import { session, setSession } from './token'

let renewal: Promise<void> | null = null

/** A token that is good now, renewed where that is possible; null where the person has to sign in. */
export async function freshToken(): Promise<string | null> {
  const current = session.value
  if (!current) return null
  if (current.refreshToken && !isFresh(current.token)) {
    renewal ??= renew(current.refreshToken)
      .then(setSession)
      .finally(() => (renewal = null))
    await renewal
  }
  return session.value?.token ?? null
}

/** Forgets a token that the server refused; true if another one may be had. */
export async function refused(token: string): Promise<boolean> {
  const current = session.value
  if (!current) return false
  if (current.token !== token) return true
  if (current.refreshToken) {
    try {
      setSession(await renew(current.refreshToken))
      return true
    } catch {
      // the refresh token is used up too
    }
  }
  setSession(null)
  return false
}

export function signOut(): void {
  setSession(null)
  location.assign(options.cognito ? signOutURL() : '/')
}
