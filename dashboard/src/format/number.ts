import type { Decimal } from '../api/decimal'
import { LOCALE } from './locale'
import { locales } from './locales'

/**
 * Numbers as Intl writes them. Intl's first takes a slow phone a fifth of a second, just before the first figures; so what it
 * says for common locales is in a table (locales.mjs makes it), and Intl itself is asked where the table does not know.
 */

export type NumberOptions = Pick<Intl.NumberFormatOptions, 'style' | 'currency' | 'unit' | 'unitDisplay' | 'notation' | 'minimumFractionDigits' | 'maximumFractionDigits' | 'signDisplay'>

export function formatNumber(value: Decimal, options: NumberOptions, locale = LOCALE): string {
  return byTable(value, options, locale) ?? byIntl(value, options, locale)
}

/** A time so many units ago. */
export function formatAgo(n: number, unit: AgoUnit, locale = LOCALE): string {
  const pattern = known(locale)?.ago[AGO_UNITS.indexOf(unit)]
  return pattern ? plural(pattern, String(n)).replace('#', String(n)) : agoByIntl(n, unit, locale)
}

// The table.

/** Units of which the table tells numbers, and ages, in its order. */
export const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte']
export const AGO_UNITS = ['minute', 'hour', 'day', 'month'] as const
export type AgoUnit = (typeof AGO_UNITS)[number]

/**
 * How a locale writes numbers. In patterns # stands for the digits and - for the sign; one with two forms, parted by ~, is that
 * of 1 and that of all others; an empty one is not known.
 */
type Known = {
  decimal: string
  group: string
  /** How many digits there must be before the first group. */
  least: number
  minus: string
  plus: string
  percent: string
  /** A currency's code with its pattern, each. */
  currencies: string[]
  /** Millions, billions and trillions. */
  compact: string[]
  units: string[]
  ago: string[]
}

let last: { locale: string | undefined; known: Known | null } | undefined

function known(locale: string | undefined): Known | null {
  if (last?.locale !== locale) {
    const line = locales.split('\n').find((l) => l.slice(0, l.indexOf('|')).split(' ').includes(locale ?? ''))
    last = { locale, known: line ? readLine(line) : null }
  }
  return last!.known
}

function readLine(line: string): Known {
  const [, decimal, group, least, minus, plus, percent, currencies, ...patterns] = line.split('|') as [string, string, string, string, string, string, string, string]
  const compact = patterns.splice(0, 3)
  const units = patterns.splice(0, UNITS.length)
  return { decimal, group, least: Number(least), minus, plus, percent, currencies: currencies.split(';'), compact, units, ago: patterns }
}

function byTable(value: Decimal, options: NumberOptions, locale: string | undefined): string | null {
  const table = known(locale)
  const parts = table && parse(value)
  if (!parts) return null
  let pattern = patternOf(table, options)
  if (!pattern) return null
  let number = shift(parts, options.style === 'percent' ? 2 : 0)
  const most = options.maximumFractionDigits ?? (options.style === 'percent' ? 0 : 3)
  const fewest = options.minimumFractionDigits ?? 0
  if (options.notation === 'compact') {
    const thousands = compacted(number, most)
    const short = table.compact[thousands - 2]?.replace('-', '')
    if (!short || (options.style && (options.style !== 'currency' || parts.negative || options.signDisplay))) return null // which are joined otherwise
    number = shift(number, -3 * thousands)
    pattern = pattern.replace('#', short)
  }
  const { whole, fraction } = round(number, fewest, most)
  const digits = (whole.length < 3 + table.least ? whole : whole.replace(/\B(?=(\d{3})+$)/g, table.group)) + (fraction && table.decimal + fraction)
  const zero = /^0*$/.test(whole + fraction)
  const sign = options.signDisplay === 'exceptZero' ? (zero ? '' : parts.negative ? table.minus : table.plus) : parts.negative ? table.minus : ''
  return plural(pattern, digits).replace('-', sign).replace('#', digits)
}

function patternOf(table: Known, { style, currency, unit }: NumberOptions): string | undefined {
  switch (style) {
    case 'percent':
      return table.percent
    case 'currency':
      return table.currencies.find((c) => c.startsWith(currency!))?.slice(3)
    case 'unit':
      return table.units[UNITS.indexOf(unit!)]
    default:
      return '-#'
  }
}

function plural(pattern: string, digits: string): string {
  const [one, other = one] = pattern.split('~') as [string, string?]
  return digits === '1' ? one : other
}

// Decimal digits.

type Digits = { whole: string; fraction: string }

function parse(value: Decimal): (Digits & { negative: boolean }) | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(Object.is(value, -0) ? '-0' : String(value))
  if (!parts) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts
  return { negative: sign === '-', ...shift({ whole, fraction }, Number(exponent)) }
}

/** A number times a power of ten. */
function shift({ whole, fraction }: Digits, power: number): Digits {
  const zeros = '0'.repeat(Math.abs(power))
  const digits = power < 0 ? zeros + whole + fraction : whole + fraction + zeros
  const point = power < 0 ? whole.length : whole.length + power
  return { whole: digits.slice(0, point).replace(/^0+(?=\d)/, ''), fraction: digits.slice(point) }
}

/** Rounds half away from zero to `most` places of the fraction, and has it end in no zero beyond `fewest` places. */
function round({ whole, fraction }: Digits, fewest: number, most: number): Digits {
  if (fraction.length > most) {
    const kept = whole + fraction.slice(0, most)
    const rounded = fraction[most]! < '5' ? kept : String(BigInt(kept) + 1n).padStart(kept.length, '0')
    whole = rounded.slice(0, rounded.length - most)
    fraction = rounded.slice(rounded.length - most)
  }
  while (fraction.length > fewest && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  return { whole, fraction: fraction.padEnd(fewest, '0') }
}

/** How many thousands a number is short of, once rounded: 2 for millions. */
function compacted(number: Digits, most: number): number {
  const thousands = Math.floor((number.whole.length - 1) / 3)
  return round(shift(number, -3 * thousands), 0, most).whole.length > 3 ? thousands + 1 : thousands
}

// Intl.

const formats = new Map<string, Intl.NumberFormat>()

function byIntl(value: Decimal, options: NumberOptions, locale: string | undefined): string {
  const key = (locale ?? '') + JSON.stringify(options)
  let format = formats.get(key)
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)))
  return format.format(value)
}

const ages = new Map<string | undefined, Intl.RelativeTimeFormat>()

function agoByIntl(n: number, unit: AgoUnit, locale: string | undefined): string {
  let format = ages.get(locale)
  if (!format) ages.set(locale, (format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' })))
  return format.format(-n, unit)
}
