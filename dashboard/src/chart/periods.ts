import type { Granularity, Period } from '../api/generated'
import { shift } from '../format/zone'

type Calendar = { days?: number; months?: number }

export type PeriodInfo = {
  label: string
  /** How far back the period before it lies. */
  back: Calendar
  before: string
  granularities: readonly Granularity[]
}

export const periods: Record<Period, PeriodInfo> = {
  TODAY: { label: 'Today', back: { days: 1 }, before: 'yesterday', granularities: ['HOUR', 'DAY'] },
  LAST_24_HOURS: { label: '24 hours', back: { days: 1 }, before: 'the 24 hours before', granularities: ['HOUR', 'DAY'] },
  LAST_7_DAYS: { label: '7 days', back: { days: 7 }, before: 'the 7 days before', granularities: ['HOUR', 'DAY'] },
  LAST_30_DAYS: { label: '30 days', back: { days: 30 }, before: 'the 30 days before', granularities: ['DAY', 'WEEK'] },
  LAST_90_DAYS: { label: '90 days', back: { days: 90 }, before: 'the 90 days before', granularities: ['DAY', 'WEEK', 'MONTH'] },
  LAST_12_MONTHS: { label: '12 months', back: { months: 12 }, before: 'the 12 months before', granularities: ['DAY', 'WEEK', 'MONTH'] },
  THIS_WEEK: { label: 'This week', back: { days: 7 }, before: 'the week before', granularities: ['HOUR', 'DAY'] },
  THIS_MONTH: { label: 'This month', back: { months: 1 }, before: 'the month before', granularities: ['DAY', 'WEEK'] },
  THIS_QUARTER: { label: 'This quarter', back: { months: 3 }, before: 'the quarter before', granularities: ['DAY', 'WEEK', 'MONTH'] },
  THIS_YEAR: { label: 'This year', back: { months: 12 }, before: 'the year before', granularities: ['DAY', 'WEEK', 'MONTH'] },
}

export const granularityNames: Record<Granularity, string> = { HOUR: 'Hours', DAY: 'Days', WEEK: 'Weeks', MONTH: 'Months' }

/** The span before a period's, to be asked for as from and to. */
export function spanBefore(period: Period, from: string, to: string, timeZone: string): { from: string; to: string } {
  const { days = 0, months = 0 } = periods[period].back
  const back = (at: string) => new Date(shift(Date.parse(at), timeZone, { days: -days, months: -months })).toISOString()
  const start = back(from)
  const end = back(to)
  return { from: start, to: end < from ? end : from }
}

export function isPeriod(text: string | null): text is Period {
  return text !== null && text in periods
}
