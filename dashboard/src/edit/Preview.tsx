import { approximate } from '../api/decimal'
import type { Card } from '../state/board'
import { meets } from '../ui/Target'
import { KpiCard } from '../ui/KpiCard'
import { parseDecimal, type Draft } from './draft'

const DAY = 86_400_000
const wave = [31, 38, 34, 46, 42, 55, 51]

/** The card as it will be: with the chart's own figures, or with made-up ones before there are any. */
export function Preview({ draft, card }: { draft: Draft; card?: Card }) {
  const real = card && card.kpi.value !== null
  const shown = apply(real ? card : sample(), draft)
  return (
    <aside class="preview">
      <h2>Preview</h2>
      <KpiCard card={shown} link={false} />
      {!real && <p class="hint">With made-up figures.</p>}
    </aside>
  )
}

function apply(card: Card, draft: Draft): Card {
  const goal = parseDecimal(draft.target)
  const { value, change } = card.kpi
  const welcome = draft.direction === 'NEUTRAL' || !change ? 'NEUTRAL' : approximate(change) > 0 === (draft.direction === 'UP_IS_GOOD') ? 'GOOD' : 'BAD'
  const met = goal !== null && value !== null && meets(value, goal, draft.direction)
  return {
    ...card,
    name: draft.name || 'Untitled',
    visualization: draft.visualization,
    direction: draft.direction,
    unit: {
      kind: draft.kind,
      currency: draft.kind === 'CURRENCY' ? (/^[A-Za-z]{3}$/.test(draft.currency) ? draft.currency.toUpperCase() : 'EUR') : null,
      decimals: Number(draft.decimals),
      suffix: draft.suffix || null,
    },
    target: goal,
    kpi: {
      ...card.kpi,
      sentiment: welcome,
      status: goal === null ? 'NO_TARGET' : met ? 'ON_TRACK' : 'OFF_TRACK',
      targetProgress: goal !== null && approximate(goal) !== 0 && value !== null ? approximate(value) / approximate(goal) : null,
    },
  }
}

function sample(): Card {
  const today = Date.now()
  const value = wave.reduce((sum, v) => sum + v, 0)
  return {
    id: 'sample', key: 'sample', name: '', description: null, visualization: 'LINE', aggregation: 'SUM',
    unit: { kind: 'NUMBER', currency: null, decimals: 0, suffix: null },
    target: null, direction: 'UP_IS_GOOD', staleAfter: null, status: 'ACTIVE', version: 1, updatedAt: '',
    kpi: { value, previousValue: 265, change: value - 265, changePercent: 12.1, sentiment: 'GOOD', targetProgress: null, status: 'NO_TARGET', asOf: new Date(today).toISOString() },
    trend: {
      from: '', to: '', granularity: 'DAY', timeZone: 'UTC',
      buckets: wave.map((v, i) => ({ start: String(i), end: new Date(today + i * DAY).toISOString(), value: v, count: 1, complete: i < 6 })),
    },
  }
}
