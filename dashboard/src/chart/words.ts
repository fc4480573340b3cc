import type { Decimal } from '../api/decimal'
import { moment, spoken } from '../format/time'
import { counted, valueInSentence, type Unit } from '../format/value'
import type { HistoryEvent } from './data'

/** What an event says, in words for people; what this page does not know stays as the server says it. */

type PointData = { key: string; at: string; value: Decimal; was?: Decimal }
type PointsData = { source?: string; reason?: string; count: number; points: PointData[] }
type SettingsData = { name?: string; target?: Decimal; staleAfter?: number; unit?: Partial<Unit>; changed?: string[] }

export type Told = { text: string; corrections: { when: string; was: string; is: string }[]; source: string | null }

export function tell(event: HistoryEvent, unit: Unit, timeZone: string): Told {
  const value = (v: Decimal) => valueInSentence(v, unit)
  const when = (p: PointData) => (Date.parse(p.key) === Date.parse(p.at) ? moment(p.at, timeZone) : `${p.key} (${moment(p.at, timeZone)})`)
  switch (event.type) {
    case 'DataPointsRecorded': {
      const { points, count, source } = event.data as PointsData
      const corrections = points.filter((p) => p.was !== undefined).map((p) => ({ when: when(p), was: value(p.was!), is: value(p.value) }))
      const only = count === 1 ? points[0] : undefined
      const text = only && only.was === undefined ? `Recorded ${value(only.value)} for ${when(only)}` : only ? 'Corrected a value' : event.summary.replace(/\d{4,}/g, (n) => Number(n).toLocaleString())
      return { text, corrections: corrections.slice(0, 5), source: source ?? null }
    }
    case 'DataPointsRemoved': {
      const { points, count, reason } = event.data as PointsData
      const what = count === 1 && points[0] ? `${value(points[0].value)} of ${when(points[0])}` : counted(count, 'value')
      return { text: `Took back ${what}${reason ? `: ${reason}` : ''}`, corrections: [], source: null }
    }
    case 'ChartUpdated':
      return { text: changes(event.data as SettingsData, value) || event.summary, corrections: [], source: null }
    default:
      return { text: event.summary, corrections: [], source: null }
  }
}

function changes(data: SettingsData, value: (v: Decimal) => string): string {
  const told = (data.changed ?? []).map((field) => {
    switch (field) {
      case 'name':
        return `renamed it to “${data.name}”`
      case 'target':
        return data.target === undefined ? 'took the target away' : `set the target to ${value(data.target)}`
      case 'staleAfter':
        return data.staleAfter ? `counts it as stale after ${spoken(data.staleAfter)}` : 'never counts it as stale'
      default:
        return `changed the ${field}`
    }
  })
  const text = told.join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
