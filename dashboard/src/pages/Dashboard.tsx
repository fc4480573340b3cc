import { useSignal } from '@preact/signals'
import { board, loaded } from '../state/board'
import { may } from '../state/me'
import { Welcome } from '../teach/Welcome'
import { Icon } from '../ui/Icon'
import { LiveCard } from '../ui/KpiCard'
import { Arranger } from './Arranger'

export function Dashboard() {
  const arranging = useSignal(false)
  const cards = board.value
  if (!loaded.value) return <Skeleton />
  if (cards.length === 0) return <Welcome />
  return (
    <>
      <div class="toolbar">
        <h1>Last 7 days</h1>
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
        <div class="cards">
          {cards.map((card) => (
            <LiveCard key={card.id} card={card} />
          ))}
        </div>
      )}
    </>
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
