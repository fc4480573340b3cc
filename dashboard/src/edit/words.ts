import { spoken } from '../format/time'
import type { Draft, Field } from './draft'

/** What the fields and their choices are called. */

export const fieldNames: Record<Field, string> = {
  name: 'Name', key: 'Key', description: 'Description', visualization: 'Shown as', aggregation: 'Points combine by', kind: 'Unit', currency: 'Currency',
  decimals: 'Decimals', suffix: 'Text behind', target: 'Target', direction: 'Good direction', staleAfter: 'Stale after',
}

type Choices<F extends Field> = readonly (readonly [Draft[F], string])[]

export const visualizations: Choices<'visualization'> = [
  ['LINE', 'Line'], ['AREA', 'Area'], ['BAR', 'Bars'], ['GAUGE', 'Gauge'], ['NUMBER', 'Number alone'],
]
export const aggregations: Choices<'aggregation'> = [
  ['SUM', 'Sum: amounts, such as revenue'], ['LAST', 'Newest: levels, such as stock'], ['AVERAGE', 'Average: rates, such as conversion'],
  ['COUNT', 'Count: how many points'], ['MINIMUM', 'Smallest'], ['MAXIMUM', 'Largest'],
]
export const kinds: Choices<'kind'> = [
  ['NUMBER', 'Number'], ['CURRENCY', 'Money'], ['PERCENT', 'Percent'], ['DURATION', 'Time, in seconds'], ['BYTES', 'Data, in bytes'],
]
export const directions: Choices<'direction'> = [
  ['UP_IS_GOOD', 'Up is good'], ['DOWN_IS_GOOD', 'Down is good'], ['NEUTRAL', 'Neither'],
]

const HOUR = 3600
const spans = [HOUR, 6 * HOUR, 24 * HOUR, 2 * 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR]

/** The usual spans, and the chart's own if it is another. */
export function staleChoices(current: string): Choices<'staleAfter'> {
  const all = current && !spans.includes(Number(current)) ? [...spans, Number(current)] : spans
  return [['', 'Never'], ...all.map((s) => [String(s), spoken(s) + ' without data'] as const)]
}

/** A field's value as the form shows it. */
export function shown(field: Field, draft: Draft): string {
  const value = draft[field]
  const choices = { visualization: visualizations, aggregation: aggregations, kind: kinds, direction: directions, staleAfter: staleChoices(value) }
  const named = field in choices ? (choices[field as keyof typeof choices] as readonly (readonly [string, string])[]) : []
  return named.find(([choice]) => choice === value)?.[1] ?? (value || 'none')
}
