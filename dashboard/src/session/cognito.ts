import { options } from '../options'
import type { Session } from './stored'
import { setSession } from './token'

/** Sign-in by Cognito's hosted UI: authorization code with PKCE (RFC 7636). */

const PENDING = 'mykpi-sign-in'
export const CALLBACK = '/signed-in'

type Pending = { state: string; verifier: string; returnTo: string }

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

function hostedUI(path: string): string {
  return `https://${options.cognito!.domain}${path}`
}

export async function signIn(): Promise<void> {
  const pending: Pending = { state: random(), verifier: random(), returnTo: location.pathname + location.search }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: options.cognito!.clientId,
    redirect_uri: location.origin + CALLBACK,
    scope: options.cognito!.scopes.join(' '),
    state: pending.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  })
  location.assign(hostedUI('/oauth2/authorize?' + query))
}

/** Trades the code of the callback for tokens; answers where the person wanted to be. */
export async function finishSignIn(): Promise<string> {
  const answer = new URLSearchParams(location.search)
  const pending: Pending | null = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null')
  sessionStorage.removeItem(PENDING)
  const refusal = answer.get('error_description') ?? answer.get('error')
  if (refusal) throw new Error(refusal)
  const code = answer.get('code')
  if (!pending || !code || answer.get('state') !== pending.state) throw new Error('This sign-in was not begun in this tab. Please sign in again.')
  const session = await tokens({ grant_type: 'authorization_code', code, redirect_uri: location.origin + CALLBACK, code_verifier: pending.verifier })
  if (!session) throw new Error('Cognito refused this sign-in. Please sign in again.')
  setSession(session)
  return pending.returnTo
}

/** A new session for a refresh token; null where Cognito takes it no more. */
export function renew(refreshToken: string): Promise<Session | null> {
  return tokens({ grant_type: 'refresh_token', refresh_token: refreshToken })
}

/** Trades a grant for tokens; null where it is refused (RFC 6749, 5.2). */
async function tokens(grant: Record<string, string>): Promise<Session | null> {
  const response = await fetch(hostedUI('/oauth2/token'), {
    method: 'POST',
    body: new URLSearchParams({ ...grant, client_id: options.cognito!.clientId }),
  })
  if (response.status === 400 || response.status === 401) return null
  if (!response.ok) throw new Error(`Cognito answered ${response.status}. Please sign in again.`)
  const answer: { id_token: string; refresh_token?: string } = await response.json()
  return { token: answer.id_token, refreshToken: answer.refresh_token ?? grant.refresh_token }
}

export function signOutURL(): string {
  return hostedUI('/logout?' + new URLSearchParams({ client_id: options.cognito!.clientId, logout_uri: location.origin + '/' }))
}
