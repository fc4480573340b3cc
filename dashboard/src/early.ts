/**
 * Runs in index.html itself, before any other file has come (vite.config.ts puts it there): what it saves is a round trip
 * before the first figures, and a flash of light at night.
 */
import { BoardDocument, MeDocument } from './api/generated'
import { askEarly, bodyOf } from './api/post'
import { isFresh, linkedSession, readSession } from './session/stored'
import { readTheme } from './state/storedTheme'

document.documentElement.dataset.theme = readTheme()

const session = linkedSession() ?? readSession()
if (session) {
  if (isFresh(session.token)) askEarly(session.token, [bodyOf(MeDocument, {}), bodyOf(BoardDocument, { after: null })])
  requestAnimationFrame(() => setTimeout(warmUp))
} else {
  document.getElementById('app')!.replaceChildren() // no figures are on their way to who is at the door
}

/**
 * An engine loads what it knows of numbers when the first one is formatted, which takes a slow phone a third of a second: it
 * may do so after the first paint, while the script is on its way.
 */
function warmUp(): void {
  new Intl.NumberFormat(undefined, { style: 'currency', currency: 'EUR' }).format(0)
  new Intl.RelativeTimeFormat().format(0, 'minute')
}
