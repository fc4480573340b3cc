import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { explain } from '../api/client'
import { ago, moment } from '../format/time'
import { now } from '../state/clock'
import { Icon, type IconName } from '../ui/Icon'
import { loadHistory, type ChartData, type HistoryEvent } from './data'
import { tell } from './words'

const icons: Record<string, IconName> = {
  ChartCreated: 'spark', ChartUpdated: 'edit', ChartArchived: 'archive', ChartRestored: 'restore', DataPointsRecorded: 'plus', DataPointsRemoved: 'undo',
}

/** Who changed what, when, and from which run; newest first. */
export function History({ chart }: { chart: ChartData }) {
  const events = useSignal<readonly HistoryEvent[]>([])
  const next = useSignal<string | null>(null)
  const fault = useSignal('')

  async function load(after: string | null) {
    try {
      const page = await loadHistory(chart.key, after)
      const known = new Set(page.nodes.map((e) => e.id))
      const others = events.value.filter((e) => !known.has(e.id))
      if (!after && others.length < events.value.length) {
        events.value = [...page.nodes, ...others] // news on top; what was paged in stays
      } else {
        events.value = after ? [...others, ...page.nodes] : page.nodes
        next.value = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      }
      fault.value = ''
    } catch (error) {
      fault.value = explain(error)
    }
  }
  useEffect(() => void load(null), [chart.version])

  return (
    <>
      {fault.value && <p class="alert">{fault}</p>}
      <ol class="history">
        {events.value.map((event) => (
          <Entry key={event.id} event={event} chart={chart} />
        ))}
      </ol>
      {next.value && (
        <button class="button" onClick={() => load(next.value)}>
          Show more
        </button>
      )}
    </>
  )
}

function Entry({ event, chart }: { event: HistoryEvent; chart: ChartData }) {
  const { timeZone } = chart.trend
  const { text, corrections, source } = tell(event, chart.unit, timeZone)
  return (
    <li>
      <span class={corrections.length ? 'dot corrected' : 'dot'}>
        <Icon name={corrections.length ? 'edit' : (icons[event.type] ?? 'spark')} />
      </span>
      <div>
        <p>{text}</p>
        {corrections.map((c) => (
          <p key={c.when} class="correction">
            <del>{c.was}</del> → <ins>{c.is}</ins> <span>for {c.when}</span>
          </p>
        ))}
        <p class="byline">
          {event.actor.label}
          {source && <span class="tag">{source}</span>}
          <time dateTime={event.occurredAt} title={moment(event.occurredAt, timeZone)}>
            {ago(event.occurredAt, now.value)}
          </time>
        </p>
      </div>
    </li>
  )
}
