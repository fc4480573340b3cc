import { useRef } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type { Card } from '../state/board'
import { moved, saveOrder } from '../state/order'
import { Icon } from '../ui/Icon'
import { KpiCard } from '../ui/KpiCard'

const steps: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }

/** The cards with a handle each: to drag by mouse or finger, or to move with the arrow keys. */
export function Arranger({ cards }: { cards: readonly Card[] }) {
  const grid = useRef<HTMLUListElement>(null)
  const dragged = useSignal<string | null>(null)
  const said = useSignal('')
  const ids = cards.map((c) => c.id)

  function move(id: string, to: number) {
    const from = ids.indexOf(id)
    const place = Math.max(0, Math.min(ids.length - 1, to))
    if (from < 0 || place === from) return
    saveOrder(moved(ids, from, place))
    said.value = `${cards[from]!.name}: place ${place + 1} of ${ids.length}`
  }

  function onPointerMove(event: PointerEvent) {
    if (!dragged.value) return
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-id]')
    if (over && grid.current?.contains(over) && over.dataset.id !== dragged.value) move(dragged.value, ids.indexOf(over.dataset.id!))
  }

  return (
    <>
      <p class="hint">Drag a card by its handle, or focus the handle and use the arrow keys. The order is kept in this browser.</p>
      <ul class="cards arranging" ref={grid} onPointerMove={onPointerMove} onPointerUp={() => (dragged.value = null)} onPointerCancel={() => (dragged.value = null)}>
        {cards.map((card, i) => (
          <li key={card.id} data-id={card.id} class={dragged.value === card.id ? 'dragged' : ''}>
            <KpiCard card={card} link={false}>
              <button
                class="handle"
                aria-label={`Move ${card.name}, place ${i + 1} of ${cards.length}`}
                onPointerDown={(event) => {
                  event.currentTarget.releasePointerCapture(event.pointerId)
                  dragged.value = card.id
                }}
                onKeyDown={(event) => {
                  const step = steps[event.key]
                  if (step === undefined) return
                  event.preventDefault()
                  const handle = event.currentTarget
                  move(card.id, i + step)
                  requestAnimationFrame(() => handle.focus())
                }}
              >
                <Icon name="grip" />
              </button>
            </KpiCard>
          </li>
        ))}
      </ul>
      <p class="sr-only" aria-live="assertive">
        {said}
      </p>
    </>
  )
}
