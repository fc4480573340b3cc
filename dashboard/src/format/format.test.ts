import { describe, expect, it } from 'vitest'
import type { Decimal } from '../api/decimal'
import { toCSV } from './csv'
import { ago, bucketName, since, spoken } from './time'
import { counted, formatPercentChange, formatShare, formatValue, valueInSentence, type Unit } from './value'
import { fromLocalInput, shift } from './zone'

const unit = (kind: Unit['kind'], more: Partial<Unit> = {}): Unit => ({ kind, currency: null, decimals: 2, suffix: null, ...more })
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('formatValue', () => {
  const euro = unit('CURRENCY', { currency: 'EUR' })
  it.each<[Decimal | null, Unit, object, string]>([
    [null, euro, {}, '–'],
    [0, euro, {}, '€0.00'],
    [1234.5, euro, {}, '€1,234.50'],
    [1234.5, euro, { locale: 'de' }, '1.234,50 €'],
    [18432.55, euro, { short: true }, '€18,433'],
    [1234567, euro, { short: true }, '€1.23M'],
    [-12.5, euro, { signed: true }, '-€12.50'],
    [500, unit('CURRENCY', { currency: 'JPY', decimals: 0 }), {}, '¥500'],
    [12.5, unit('PERCENT', { decimals: 1 }), {}, '12.5%'],
    [400, unit('NUMBER', { decimals: 0, suffix: 'orders' }), {}, '400 orders'],
    [0.25, unit('DURATION'), {}, '250 ms'],
    [42, unit('DURATION', { decimals: 0 }), {}, '42 sec'],
    [250, unit('DURATION'), {}, '4 min 10 sec'],
    [3599.9, unit('DURATION'), {}, '60 min'],
    [183_600, unit('DURATION'), {}, '2 days 3 hr'],
    [-5400, unit('DURATION'), { signed: true }, '-1 hr 30 min'],
    [999, unit('BYTES'), {}, '999 byte'],
    [1_500_000, unit('BYTES'), {}, '1.5 MB'],
    ['123456789012.345678', unit('CURRENCY', { currency: 'EUR', decimals: 6 }), {}, '€123,456,789,012.345678'],
    ['-12345678901234567890.12', euro, {}, '-€12,345,678,901,234,567,890.12'],
    ['12345678901234567.89', unit('PERCENT'), {}, '12,345,678,901,234,567.89%'],
    ['123456789012.345678', euro, { short: true }, '€123.46B'],
  ])('%s %o %o', (value, u, style, want) => {
    expect(plain(formatValue(value, u, { locale: 'en', ...style }))).toBe(want)
  })
})

it('tells one in the singular', () => {
  const orders = unit('NUMBER', { decimals: 0, suffix: 'orders' })
  expect([2, 1, -1, 0].map((n) => plain(valueInSentence(n, orders, 'en')))).toEqual(['2 orders', '1', '-1', '0 orders'])
  expect(plain(valueInSentence(1, unit('NUMBER', { decimals: 1, suffix: 'h' }), 'en'))).toBe('1.0 h')
  expect([0, 1, 1200].map((n) => counted(n, 'point', 'en'))).toEqual(['0 points', '1 point', '1,200 points'])
})

it('formats changes and shares', () => {
  expect(formatPercentChange(12.44, 'en')).toBe('+12.4%')
  expect(formatPercentChange(-0, 'en')).toBe('0%')
  expect(formatPercentChange(0.04, 'en')).toBe('+0.04%')
  expect(formatPercentChange(312.4, 'en')).toBe('+312%')
  expect(formatShare(1.0876, 'en')).toBe('109%')
})

describe('times', () => {
  const now = Date.parse('2026-03-05T15:00:00Z')
  it.each([
    ['2026-03-05T14:59:40Z', 'just now'],
    ['2026-03-05T14:57:00Z', '3 min. ago'],
    ['2026-03-05T12:00:00Z', '3 hr. ago'],
    ['2026-03-03T15:00:00Z', '2 days ago'],
    ['2025-12-05T15:00:00Z', '3 mo. ago'],
  ])('%s is %s', (at, want) => expect(ago(at, now, 'en')).toBe(want))

  it('says since when', () => {
    expect(since(Date.parse('2026-03-03T15:00:00Z'), now, 'en')).toBe('Tuesday')
    expect(since(Date.parse('2026-01-03T15:00:00Z'), now, 'en-GB')).toBe('3 Jan 2026')
  })

  it('names buckets in the zone of the tenant', () => {
    expect(bucketName('2026-03-02T23:00:00Z', 'DAY', 'Europe/Paris', 'en-GB')).toBe('Tue 3 Mar')
    expect(bucketName('2026-02-28T23:00:00Z', 'MONTH', 'Europe/Paris', 'en')).toBe('March 2026')
  })

  it('speaks durations', () => {
    expect(spoken(21_600, 'en')).toBe('6 hours')
    expect(spoken(172_800, 'en')).toBe('2 days')
    expect(spoken(90, 'en')).toBe('2 minutes')
  })
})

describe('zones', () => {
  const iso = (at: number) => new Date(at).toISOString()
  it('keeps the time of day over a change of clocks', () => {
    expect(iso(shift(Date.parse('2026-03-30T22:00:00Z'), 'Europe/Paris', { days: -7 }))).toBe('2026-03-23T23:00:00.000Z')
  })
  it('steps by calendar months', () => {
    expect(iso(shift(Date.parse('2026-03-31T22:00:00Z'), 'Europe/Paris', { months: -1 }))).toBe('2026-02-28T23:00:00.000Z')
  })
  it('reads inputs in the zone', () => {
    expect(fromLocalInput('2026-07-01T09:30', 'Asia/Kolkata')).toBe('2026-07-01T04:00:00.000Z')
    expect(fromLocalInput('', 'UTC')).toBeNull()
  })
})

describe('toCSV', () => {
  it('quotes what needs it and defuses formulas', () => {
    const rows = [['=HYPERLINK("x")', -3, null], ['-123456789012.345678', '-1+2', '-2'], ['a,b', 1.5, '+1'], ['line\nbreak', 0, '@x']]
    expect(toCSV(['key', 'value', 'source'], rows)).toBe(
      'key,value,source\r\n"\'=HYPERLINK(""x"")",-3,\r\n-123456789012.345678,\'-1+2,-2\r\n"a,b",1.5,\'+1\r\n"line\nbreak",0,\'@x\r\n',
    )
  })
})
