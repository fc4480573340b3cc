/** Instants in words, in the person's own locale. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const relative = new Map<string | undefined, Intl.RelativeTimeFormat>()

/** "just now", "3 min ago", "2 days ago". */
export function ago(at: string | number, now: number, locale?: string): string {
  const age = now - new Date(at).getTime()
  if (age < 45_000) return 'just now'
  let format = relative.get(locale)
  if (!format) relative.set(locale, (format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' })))
  if (age < 50 * MINUTE) return format.format(-Math.max(1, Math.round(age / MINUTE)), 'minute')
  if (age < 23 * HOUR) return format.format(-Math.max(1, Math.round(age / HOUR)), 'hour')
  if (age < 45 * DAY) return format.format(-Math.max(1, Math.round(age / DAY)), 'day')
  return format.format(-Math.round(age / (30 * DAY)), 'month')
}

/** "14:05" of today, "Tuesday" of this week, else "3 Mar 2026": what follows "since". */
export function since(at: number, now: number, locale?: string): string {
  if (now - at < 12 * HOUR) return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at)
  if (now - at < 6.5 * DAY) return new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(at)
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(at)
}

/** An instant in full, in the tenant's zone. */
export function moment(at: string | number, timeZone: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(at))
}

export type BucketSize = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH'

/** What a bucket is called: "14:00", "Tue 3 Mar", "week of 2 Mar", "March 2026". */
export function bucketName(start: string | number, size: BucketSize, timeZone: string, locale?: string): string {
  const at = new Date(start)
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(at)
  switch (size) {
    case 'HOUR':
      return format({ weekday: 'short', hour: 'numeric', minute: '2-digit' })
    case 'DAY':
      return format({ weekday: 'short', day: 'numeric', month: 'short' })
    case 'WEEK':
      return 'Week of ' + format({ day: 'numeric', month: 'short' })
    case 'MONTH':
      return format({ month: 'long', year: 'numeric' })
  }
}

/** A number of seconds as a person would say it: "6 hours". */
export function spoken(seconds: number, locale?: string): string {
  const unit = seconds % 86_400 === 0 ? 'day' : seconds % 3_600 === 0 ? 'hour' : 'minute'
  const size = { day: 86_400, hour: 3_600, minute: 60 }[unit]
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(seconds / size)
}
