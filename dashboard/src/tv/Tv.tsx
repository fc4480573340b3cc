import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import '../styles/tv.css'
import { board, loaded } from '../state/board'
import { me } from '../state/me'
import { ConnectionState } from '../ui/ConnectionState'
import { LiveCard } from '../ui/KpiCard'
import { gridOf, pageOf } from './grid'
import { healByItself, stayAwake } from './wall'

const PER_PAGE = 15_000

/** The dashboard on a wall: nothing to click, page after page, for weeks. A click fills the screen. */
export default function Tv() {
  const turn = useSignal(0)
  const size = useSignal({ width: innerWidth, height: innerHeight })
  const clock = useSignal(new Date())

  useEffect(() => {
    const resized = () => (size.value = { width: innerWidth, height: innerHeight })
    const rotate = setInterval(() => turn.value++, PER_PAGE)
    const tick = setInterval(() => (clock.value = new Date()), 1_000)
    window.addEventListener('resize', resized)
    const sleepAgain = stayAwake()
    const stopHealing = healByItself()
    return () => {
      clearInterval(rotate)
      clearInterval(tick)
      window.removeEventListener('resize', resized)
      sleepAgain()
      stopHealing()
    }
  }, [])

  const cards = board.value
  const grid = gridOf(size.value.width, size.value.height, cards.length)
  const page = turn.value % grid.pages
  return (
    <main class="tv" id="main" onClick={() => document.documentElement.requestFullscreen?.().catch(() => {})}>
      <header>
        <h1>{me.value?.tenant.name ?? 'MyKPI'}</h1>
        <ConnectionState />
        {grid.pages > 1 && (
          <ol class="dots" aria-label={`Page ${page + 1} of ${grid.pages}`}>
            {Array.from({ length: grid.pages }, (_, i) => (
              <li key={i} class={i === page ? 'current' : ''} />
            ))}
          </ol>
        )}
        <time>{clock.value.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit', timeZone: me.value?.tenant.timeZone })}</time>
      </header>
      {loaded.value && cards.length === 0 && <p class="hint">No charts yet.</p>}
      <div class="tv-cards" key={page} style={{ '--columns': String(grid.columns), '--rows': String(grid.rows) }}>
        {pageOf(cards, grid, page).map((card) => (
          <LiveCard key={card.id} card={card} link={false} />
        ))}
      </div>
    </main>
  )
}
