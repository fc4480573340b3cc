import { ago, since } from '../format/time'
import type { Card } from '../state/board'
import { now } from '../state/clock'
import { Icon } from './Icon'

/** How fresh a card's figure is, in words. */
export function Freshness({ card }: { card: Pick<Card, 'kpi' | 'staleAfter'> }) {
  const { asOf, status } = card.kpi
  if (asOf === null) return <span class="freshness">No data</span>
  if (status === 'STALE' && card.staleAfter !== null) {
    const stale = new Date(asOf).getTime() + card.staleAfter * 1000
    return (
      <span class="freshness stale">
        <Icon name="clock" />
        Stale since {since(stale, now.value)}
      </span>
    )
  }
  return (
    <time class="freshness" dateTime={asOf}>
      {ago(asOf, now.value)}
    </time>
  )
}
