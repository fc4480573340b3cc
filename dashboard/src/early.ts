/**
 * Runs in index.html itself, before what is below it (inline.ts puts it there): the figures are on their way while the page is
 * still read, and there is no flash of light at night.
 */
import { FirstDocument } from './api/generated'
import { askEarly, bodyOf } from './api/post'
import { isFresh, linkedSession, readSession } from './session/stored'
import { readTheme } from './state/storedTheme'
import { wearKeptTypeface } from './state/typeface'

const session = linkedSession() ?? readSession()
if (session && isFresh(session.token)) askEarly(session.token, bodyOf(FirstDocument, {}))

// After the requests: what a browser has stored takes it a while to open.
document.documentElement.dataset.theme = readTheme()
wearKeptTypeface()
if (session) warmUp()

/**
 * An engine loads what it knows of numbers when the first one is formatted, once for all its threads, which takes a slow phone a
 * fifth of a second: another thread may do so, while this one makes the page.
 */
function warmUp(): void {
  const worker = new Worker(`data:text/javascript,(${loadFormats})()`)
  worker.onmessage = () => worker.terminate()
}

/** Runs in a worker. */
function loadFormats(): void {
  new Intl.NumberFormat(undefined, { style: 'currency', currency: 'EUR' }).format(0)
  new Intl.RelativeTimeFormat(undefined, { style: 'short', numeric: 'always' }).format(-1, 'minute')
  postMessage(null)
}
