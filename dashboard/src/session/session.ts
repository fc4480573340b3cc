import { options } from '../options'
import { renew, signOutURL } from './cognito'
import { isFresh } from './stored'
import { session, setSession } from './token'

let renewal: Promise<string | null> | null = null

/** A token that is good now, renewed where that is possible; null where the person has to sign in. Throws while that can't be told. */
export async function freshToken(): Promise<string | null> {
  const current = session.value
  if (!current) return null
  return current.refreshToken && !isFresh(current.token) ? renewed(current.refreshToken) : current.token
}

/** Another token than one that the server refused; null where the person has to sign in. Throws while that can't be told. */
export async function tokenInstead(refused: string): Promise<string | null> {
  const current = session.value
  if (!current || current.token !== refused) return freshToken()
  if (current.refreshToken) return renewed(current.refreshToken)
  setSession(null)
  return null
}

/** Renews the session, once for all who ask meanwhile. It ends where Cognito refuses, not where Cognito can't be reached. */
function renewed(refreshToken: string): Promise<string | null> {
  renewal ??= renew(refreshToken)
    .then((next) => {
      if (session.value) setSession(next) // unless the person has signed out meanwhile
      return session.value?.token ?? null
    })
    .finally(() => (renewal = null))
  return renewal
}

export function signOut(): void {
  setSession(null)
  location.assign(options.cognito ? signOutURL() : '/')
}
