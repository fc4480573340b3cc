import { signal } from '@preact/signals'
import type { Feed, Way } from '../api/feed'
import { session } from '../session/token'
import { loadBoard, takeIn } from './board'

/** The live connection: it holds for weeks, through restarts of the server, sleep, and tokens that expire. */

export type Connection = { state: 'connecting' | 'live' | 'reconnecting'; since: number }

export const connection = signal<Connection>({ state: 'connecting', since: Date.now() })

const FIRST_RETRY = 500
const LAST_RETRY = 15_000
const HELD = 10_000 // a feed that ends sooner counts as one that failed, though it was opened
const TICK = 5_000
const SLEPT = 4 * TICK // a timer that is this late slept with its machine

let feed: Feed | null = null
let wake: () => void = () => {}
let cursor: string | null = null

/** Runs until the session ends. */
export async function stayLive(): Promise<void> {
  let failures = 0
  let before = false
  cursor = null
  const stopWatching = watchForSleep()
  while (session.value) {
    const way: Way = failures > 0 && failures % 3 === 0 ? 'events' : 'websocket'
    const begun = Date.now()
    try {
      const { openFeed } = await loadFeed()
      if (!session.value) break
      feed = openFeed(way, cursor)
      await feed.run(
        () => {
          setState('live')
          if (before) loadBoard().catch(() => feed?.stop())
          before = true
        },
        (update) => {
          cursor = update.cursor
          takeIn(update.chart)
        },
      )
    } catch {
      cursor = failures > 0 ? null : cursor // the cursor itself may be what is refused
    }
    feed?.stop()
    if (!session.value) break
    if (Date.now() - begun > HELD) failures = 0
    setState('reconnecting')
    await pause(failures++)
    // Figures go on, slowly, where no feed gets through; and a token that is used up is noticed.
    if (failures > 2) await loadBoard().then(loadAnew, () => {})
  }
  stopWatching()
}

let outdated = false

/** What the first figures need not wait for. */
function loadFeed() {
  return import('../api/feed').catch((error) => {
    outdated = true
    throw error
  })
}

/** Where the server was replaced while the page was loaded, what the page still lacks is gone: it loads itself anew, once. */
function loadAnew(): void {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (outdated && navigation?.type !== 'reload') location.reload()
}

export function hangUp(): void {
  feed?.stop()
  wake()
}

function setState(state: Connection['state']): void {
  if (connection.value.state !== state) connection.value = { state, since: Date.now() }
}

/** Waits longer after each failure, each page a little differently; anything that may have mended the line ends it. */
function pause(failures: number): Promise<void> {
  const most = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures)
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, most * (0.5 + Math.random() / 2))
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

function watchForSleep(): () => void {
  let last = Date.now()
  const timer = setInterval(() => {
    const gap = Date.now() - last
    last = Date.now()
    if (gap > SLEPT) hangUp()
  }, TICK)
  const nudge = () => {
    if (document.visibilityState === 'visible') wake()
  }
  window.addEventListener('online', nudge)
  document.addEventListener('visibilitychange', nudge)
  return () => {
    clearInterval(timer)
    window.removeEventListener('online', nudge)
    document.removeEventListener('visibilitychange', nudge)
  }
}
