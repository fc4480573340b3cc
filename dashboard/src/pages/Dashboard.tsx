import { useSignal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { board, loaded, type Card } from '../state/board'
import { may } from '../state/me'
import { Icon } from '../ui/Icon'
import { LiveCard } from '../ui/KpiCard'
import { lazy } from '../ui/lazy'
import { Standing } from '../ui/Standing'
import { Arranger } from './Arranger'

const Welcome = lazy(() => import('../teach/Welcome').then((m) => m.default))

export function Dashboard() {
  const arranging = useSignal(false)
  const cards = board.value
  if (!loaded.value) return <Skeleton />
  if (cards.length === 0) return <Welcome />
  return (
    <>
      <div class="toolbar">
        <div>
          <h1>Last 7 days</h1>
          <Standing cards={cards} />
        </div>
        {may('EDIT') && (
          <div class="actions">
            <button class="button" aria-pressed={arranging.value} onClick={() => (arranging.value = !arranging.value)}>
              <Icon name={arranging.value ? 'good' : 'grip'} />
              {arranging.value ? 'Done' : 'Arrange'}
            </button>
            <a class="button primary" href="/new">
              <Icon name="plus" />
              New chart
            </a>
          </div>
        )}
      </div>
      {arranging.value ? (
        <Arranger cards={cards} />
      ) : (
        <Cards cards={cards} />
      )}
    </>
  )
}

const SCREENFUL = 4 // of a phone: it lays out no more of them before it is scrolled (styles/card.css)
let drawn = 1

/** The first time, one card comes first, and a few others each time those are seen: a phone answers in between. */
function Cards({ cards }: { cards: readonly Card[] }) {
  const [shown, show] = useState(drawn)
  useEffect(() => {
    if (shown >= cards.length) return
    let next: ReturnType<typeof setTimeout>
    const frame = requestAnimationFrame(() => (next = setTimeout(() => show((drawn = shown + (shown < SCREENFUL ? 1 : 2))))))
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(next)
    }
  }, [shown, cards.length])
  return (
    <div class="cards">
      {cards.slice(0, shown).map((card) => (
        <LiveCard key={card.id} card={card} />
      ))}
    </div>
  )
}

function Skeleton() {
  return (
    <div class="cards" aria-busy="true" aria-label="Loading the figures">
      {Array.from({ length: 6 }, (_, i) => (
        <div key={i} class="card skeleton" />
      ))}
    </div>
  )
}
