import { approximate } from '../api/decimal'
import type { FiguresFragment } from '../api/generated'
import { formatPercentChange, formatValue, type Unit } from '../format/value'
import { Icon } from './Icon'

const words = { GOOD: 'better', BAD: 'worse', NEUTRAL: '' } as const

/** How a value moved against the period before: the arrow says where to, shape and colour whether that is welcome. */
export function Change({ kpi, unit, against = 'the 7 days before' }: { kpi: FiguresFragment; unit: Unit; against?: string }) {
  if (kpi.change === null) return null
  const change = approximate(kpi.change)
  const direction = change > 0 ? 'up' : change < 0 ? 'down' : 'flat'
  const text = kpi.changePercent !== null ? formatPercentChange(kpi.changePercent) : formatValue(kpi.change, unit, { short: true, signed: true })
  return (
    <span class={`change ${kpi.sentiment.toLowerCase()}`} title={`${formatValue(kpi.previousValue, unit)} in ${against}`}>
      <Icon name={direction} />
      {text}
      <span class="sr-only">
        {' '}
        against {against}
        {words[kpi.sentiment] && `: ${words[kpi.sentiment]}`}
      </span>
      {kpi.sentiment !== 'NEUTRAL' && (
        <span class="mark">
          <Icon name={kpi.sentiment === 'GOOD' ? 'good' : 'bad'} />
        </span>
      )}
    </span>
  )
}
