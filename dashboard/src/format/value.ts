import type { Decimal } from '../api/decimal'
import type { SettingsFragment } from '../api/generated'

/** Values with their units, in the person's own locale. */

export type Unit = SettingsFragment['unit']

export type Style = {
  /** Few characters: millions as 1.2M, no decimals on big figures. For cards and axes. */
  short?: boolean
  /** Always with + or −. For changes. */
  signed?: boolean
  locale?: string
}

const NBSP = '\u00a0'
const formats = new Map<string, Intl.NumberFormat>()

function number(value: Decimal, options: Intl.NumberFormatOptions, locale?: string): string {
  const key = (locale ?? '') + JSON.stringify(options)
  let format = formats.get(key)
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, options)))
  return format.format(value)
}

export function formatValue(value: Decimal | null | undefined, unit: Unit, style: Style = {}): string {
  if (value === null || value === undefined) return '–'
  const sign: Intl.NumberFormatOptions = style.signed ? { signDisplay: 'exceptZero' } : {}
  const text = byKind(value, unit, style, sign)
  return unit.suffix ? text + NBSP + unit.suffix : text
}

/** A value within a sentence: one stands without a suffix that is a word, as "orders", of which no rule knows the singular. */
export function valueInSentence(value: Decimal, unit: Unit, locale?: string): string {
  const misfits = Math.abs(Number(value)) === 1 && /^\p{L}{3}/u.test(unit.suffix ?? '')
  return formatValue(value, misfits ? { ...unit, suffix: null } : unit, { locale })
}

/** "1 chart", "6 charts". */
export function counted(n: number, noun: string, locale?: string): string {
  return `${number(n, {}, locale)} ${n === 1 ? noun : noun + 's'}`
}

function byKind(value: Decimal, unit: Unit, style: Style, sign: Intl.NumberFormatOptions): string {
  switch (unit.kind) {
    case 'DURATION':
      return duration(Number(value), unit.decimals, style, sign)
    case 'BYTES':
      return bytes(Number(value), style, sign)
    case 'PERCENT':
      return number(hundredth(value), { ...sign, style: 'percent', ...decimals(value, unit.decimals, style) }, style.locale)
    case 'CURRENCY':
      return number(value, { ...sign, style: 'currency', currency: unit.currency ?? 'EUR', ...decimals(value, unit.decimals, style) }, style.locale)
    case 'NUMBER':
      return number(value, { ...sign, ...decimals(value, unit.decimals, style) }, style.locale)
  }
}

function hundredth(value: Decimal): Decimal {
  return typeof value === 'number' ? value / 100 : (`${value}e-2` as Decimal)
}

function decimals(value: Decimal, wanted: number, style: Style): Intl.NumberFormatOptions {
  const size = Math.abs(Number(value))
  if (style.short && size >= 1e6) return { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 2 }
  const shown = style.short && size >= 1e4 ? 0 : wanted
  return { minimumFractionDigits: shown, maximumFractionDigits: shown }
}

const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const

/** The two greatest units: 2 d 3 h, 4 min 10 s; below a second, milliseconds. */
function duration(seconds: number, places: number, style: Style, sign: Intl.NumberFormatOptions): string {
  const size = Math.abs(seconds)
  const part = (n: number, unit: string, more: Intl.NumberFormatOptions = {}) =>
    number(n, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0, ...more }, style.locale)
  if (size > 0 && size < 1) return part(seconds * 1000, 'millisecond', sign)
  if (size < 60) return part(seconds, 'second', { ...sign, maximumFractionDigits: places })
  const greatest = steps.findIndex((s) => size >= s.seconds)
  const first = steps[greatest]!
  const second = steps[greatest + 1]!
  const total = Math.round(size / second.seconds)
  const perFirst = first.seconds / second.seconds
  const whole = Math.floor(total / perFirst) * Math.sign(seconds)
  const rest = total % perFirst
  return part(whole, first.unit, sign) + (rest ? NBSP + part(rest, second.unit) : '')
}

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte']

function bytes(value: number, style: Style, sign: Intl.NumberFormatOptions): string {
  const size = Math.abs(value)
  const power = size < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(size) / 3))
  const scaled = value / 1000 ** power
  return number(scaled, { ...sign, style: 'unit', unit: sizes[power]!, unitDisplay: 'short', maximumFractionDigits: power === 0 ? 0 : 1 }, style.locale)
}

/** Hundredths as a change: +12.4 %. */
export function formatPercentChange(percent: Decimal, locale?: string): string {
  const size = Math.abs(Number(percent))
  return number(hundredth(percent), { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: size < 0.1 ? 2 : size < 100 ? 1 : 0 }, locale)
}

/** A share such as 1.08 as 108 %. */
export function formatShare(share: Decimal, locale?: string): string {
  return number(share, { style: 'percent', maximumFractionDigits: 0 }, locale)
}
