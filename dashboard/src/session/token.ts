import { signal } from '@preact/signals'
import { linkedSession, readSession, writeSession, type Session } from './stored'

/** Who is signed in here; null at the door. */
export const session = signal<Session | null>(readSession())

export function setSession(next: Session | null): void {
  writeSession(next)
  session.value = next
}

/** Takes over the token of a development link, and takes it out of the address bar and the history at once; answers whether there was one. */
export function adoptLink(): boolean {
  const linked = linkedSession()
  if (!linked) return false
  history.replaceState(null, '', location.pathname + location.search)
  setSession(linked)
  return true
}
