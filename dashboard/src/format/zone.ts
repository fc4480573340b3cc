/** Wall-clock arithmetic in a time zone, by what Intl knows of it. */

type Wall = [year: number, month: number, day: number, hour: number, minute: number, second: number]

const formats = new Map<string, Intl.DateTimeFormat>()

function wallOf(at: number, timeZone: string): Wall {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, Number(p.value)]))
  return [part.year!, part.month!, part.day!, part.hour!, part.minute!, part.second!]
}

function asUTC([year, month, day, hour, minute, second]: Wall): number {
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The instant at which a zone's clocks show a time; where they skip it, the instant as much later. */
function instantOf(wall: Wall, timeZone: string): number {
  const utc = asUTC(wall)
  const offset = (at: number) => asUTC(wallOf(at, timeZone)) - at
  const guess = utc - offset(utc)
  return utc - offset(guess)
}

/** An instant moved along the calendar of a zone: the same time of day, so many days and months away. */
export function shift(at: number, timeZone: string, by: { days?: number; months?: number }): number {
  const [year, month, day, hour, minute, second] = wallOf(at, timeZone)
  return instantOf([year, month + (by.months ?? 0), day + (by.days ?? 0), hour, minute, second], timeZone)
}

/** The value of a datetime-local input, read in a zone; null if there is none. */
export function fromLocalInput(text: string, timeZone: string): string | null {
  const parts = text.match(/^(\d+)-(\d+)-(\d+)T(\d+):(\d+)(?::(\d+))?$/)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1).map((p) => Number(p ?? 0))
  return new Date(instantOf([year!, month!, day!, hour!, minute!, second!], timeZone)).toISOString()
}

/** The zones that the browser knows. */
export function timeZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((z) => z !== 'UTC')]
}
