import { approximate, type Decimal } from '../api/decimal'
import type { Direction } from '../api/generated'
import type { Card } from '../state/board'
import { formatShare, formatValue } from '../format/value'
import { Icon } from './Icon'

export function meets(value: Decimal, target: Decimal, direction: Direction): boolean {
  return direction === 'DOWN_IS_GOOD' ? approximate(value) <= approximate(target) : approximate(value) >= approximate(target)
}

/** The target, how far it is, and whether it is met. */
export function Target({ card }: { card: Pick<Card, 'target' | 'unit' | 'kpi' | 'direction' | 'visualization'> }) {
  const { target, unit, kpi } = card
  if (target === null) return null
  const met = kpi.value !== null && meets(kpi.value, target, card.direction)
  const state = kpi.value === null ? '' : met ? 'met' : 'missed'
  const width = Math.min(100, Math.max(0, approximate(kpi.targetProgress ?? 0) * 100))
  return (
    <div class={`target ${state}`}>
      <div class="target-words">
        <span>
          <Icon name={met ? 'good' : 'target'} />
          {card.direction === 'DOWN_IS_GOOD' ? 'At most ' : 'Target '}
          {formatValue(target, unit, { short: true })}
        </span>
        <span>
          {state && <span class="sr-only">{met ? 'On track: ' : 'Off track: '}</span>}
          {kpi.targetProgress !== null && card.visualization !== 'GAUGE' && formatShare(kpi.targetProgress)}
        </span>
      </div>
      {card.visualization !== 'GAUGE' && (
        <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect class="progress-track" width="100" height="4" />
          <rect class="progress-value" width={width} height="4" />
        </svg>
      )}
    </div>
  )
}
