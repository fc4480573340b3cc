import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Card } from '../state/board'
import { Change } from './Change'
import { Figure } from './Figure'
import { Freshness } from './Freshness'
import { Gauge } from './Gauge'
import { Sparkline } from './Sparkline'
import { Target } from './Target'

/** A chart at a glance: what it is, how much, which way, how far from the target, how fresh. */
export function KpiCard({ card, link = true, children }: { card: Card; link?: boolean; children?: ComponentChildren }) {
  const { kpi, visualization } = card
  const empty = kpi.value === null
  return (
    <article class={`card ${kpi.status.toLowerCase().replace('_', '-')} as-${visualization.toLowerCase()}`} aria-label={card.name} data-key={card.key}>
      <header>
        <h2>{link ? <a href={`/charts/${card.key}`}>{card.name}</a> : card.name}</h2>
        {children ?? <Freshness card={card} />}
      </header>
      {empty ? (
        <p class="waiting">Waiting for the first number</p>
      ) : (
        <>
          <div class="value">
            <Figure value={kpi.value} unit={card.unit} style={{ short: true }} />
            <Change kpi={kpi} unit={card.unit} />
          </div>
          <Target card={card} />
          <div class="shape">
            {visualization === 'GAUGE' && <Gauge progress={kpi.targetProgress} />}
            {visualization !== 'GAUGE' && visualization !== 'NUMBER' && (
              <Sparkline buckets={card.trend.buckets} as={visualization} fromZero={card.aggregation === 'SUM' || card.aggregation === 'COUNT'} />
            )}
          </div>
        </>
      )}
    </article>
  )
}

/** A card that is drawn again only when its chart is news: of fifty on a page, most are not at any moment. */
export function LiveCard({ card, link = true }: { card: Card; link?: boolean }) {
  return useMemo(() => <KpiCard card={card} link={link} />, [card, link])
}
