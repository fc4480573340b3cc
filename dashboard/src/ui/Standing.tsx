import type { KpiStatus } from '../api/generated'
import type { Card } from '../state/board'
import { Icon, type IconName } from './Icon'

const told: readonly { status: KpiStatus; words: string; icon: IconName; tone: string }[] = [
  { status: 'OFF_TRACK', words: 'off track', icon: 'target', tone: 'warn' },
  { status: 'STALE', words: 'stale', icon: 'clock', tone: 'warn' },
  { status: 'NO_DATA', words: 'without data', icon: 'spark', tone: 'muted' },
  { status: 'ON_TRACK', words: 'on track', icon: 'good', tone: 'good' },
]

/** How the business stands, before any card is read: how many charts are off their target, silent, or fine. */
export function Standing({ cards }: { cards: readonly Card[] }) {
  const counts = told.map((t) => ({ ...t, count: cards.filter((c) => c.kpi.status === t.status).length }))
  return (
    <ul class="standing" aria-label="How the charts stand">
      {counts
        .filter((t) => t.count > 0)
        .map(({ status, words, icon, tone, count }) => (
          <li key={status} class={tone}>
            <Icon name={icon} />
            {count} {words}
          </li>
        ))}
    </ul>
  )
}
