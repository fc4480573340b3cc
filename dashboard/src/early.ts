/**
 * Runs in index.html itself, before what is below it (inline.ts puts it there): the figures are on their way while the page is
 * still read, and there is no flash of light at night.
 */
import { BoardDocument, MeDocument } from './api/generated'
import { askEarly, bodyOf } from './api/post'
import { isFresh, linkedSession, readSession } from './session/stored'
import { readTheme } from './state/storedTheme'

const session = linkedSession() ?? readSession()
if (session && isFresh(session.token)) askEarly(session.token, [bodyOf(MeDocument, {}), bodyOf(BoardDocument, { after: null })])
if (session) requestAnimationFrame(() => setTimeout(warmUp))

// After the requests: what a browser has stored takes it a while to open.
document.documentElement.dataset.theme = readTheme()

/**
 * An engine loads what it knows of numbers when the first one is formatted, which takes a slow phone a fifth of a second: it may
 * do so after the first paint, while the figures are on their way.
 */
function warmUp(): void {
  new Intl.NumberFormat().format(0)
}
