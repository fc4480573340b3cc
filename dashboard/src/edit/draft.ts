import type { CreateChartInput, SettingsFragment, UpdateChartInput } from '../api/generated'

/** A chart's settings as a form holds them: texts, each as it was typed. */
export type Draft = {
  name: string
  key: string
  description: string
  visualization: SettingsFragment['visualization']
  aggregation: SettingsFragment['aggregation']
  kind: SettingsFragment['unit']['kind']
  currency: string
  decimals: string
  suffix: string
  target: string
  direction: SettingsFragment['direction']
  staleAfter: string
}

export type Field = keyof Draft

export const emptyDraft: Draft = {
  name: '', key: '', description: '', visualization: 'LINE', aggregation: 'SUM', kind: 'NUMBER', currency: 'EUR', decimals: '0', suffix: '',
  target: '', direction: 'UP_IS_GOOD', staleAfter: '',
}

export function draftOf(chart: SettingsFragment): Draft {
  return {
    name: chart.name,
    key: chart.key,
    description: chart.description ?? '',
    visualization: chart.visualization,
    aggregation: chart.aggregation,
    kind: chart.unit.kind,
    currency: chart.unit.currency ?? '',
    decimals: String(chart.unit.decimals),
    suffix: chart.unit.suffix ?? '',
    target: chart.target === null ? '' : String(chart.target),
    direction: chart.direction,
    staleAfter: chart.staleAfter === null ? '' : String(chart.staleAfter),
  }
}

/** "1,5" and "1 500.25" as people type them; null if it is no number. */
export function parseDecimal(text: string): `${number}` | null {
  const compact = text.replace(/[\s\u00a0\u202f]/g, '').replace(/^−/, '-')
  const point = compact.replace(',', '.')
  return /^-?\d+(\.\d+)?$/.test(point) ? (point as `${number}`) : null
}

/** What can be told to be wrong before the server is asked. */
export function check(draft: Draft): Partial<Record<Field, string>> {
  const faults: Partial<Record<Field, string>> = {}
  if (!draft.name.trim()) faults.name = 'Give the chart a name.'
  if (draft.key && !/^[a-z0-9][a-z0-9-]{0,62}$/.test(draft.key)) faults.key = 'Use small letters, digits and hyphens, such as new-orders.'
  if (draft.target && parseDecimal(draft.target) === null) faults.target = 'Write a number, such as 1500 or 2.5.'
  if (draft.kind === 'CURRENCY' && !/^[A-Za-z]{3}$/.test(draft.currency)) faults.currency = 'Use the three letters of the currency, such as EUR.'
  return faults
}

function unit(draft: Draft) {
  return {
    kind: draft.kind,
    currency: draft.kind === 'CURRENCY' ? draft.currency.toUpperCase() : null,
    decimals: Number(draft.decimals),
    suffix: draft.suffix || null,
  }
}

const orNull = (text: string) => text.trim() || null
const target = (draft: Draft) => (draft.target ? parseDecimal(draft.target) : null)
const staleAfter = (draft: Draft) => (draft.staleAfter ? Number(draft.staleAfter) : null)

export function createInput(draft: Draft): CreateChartInput {
  return {
    ...(draft.key && { key: draft.key }),
    name: draft.name.trim(),
    description: orNull(draft.description),
    visualization: draft.visualization,
    aggregation: draft.aggregation,
    unit: unit(draft),
    target: target(draft),
    direction: draft.direction,
    staleAfter: staleAfter(draft),
  }
}

export function changedFields(base: Draft, draft: Draft): Field[] {
  return (Object.keys(base) as Field[]).filter((f) => base[f] !== draft[f])
}

const unitFields: readonly Field[] = ['kind', 'currency', 'decimals', 'suffix']

/** Only what changed: what another person changed meanwhile stays theirs. */
export function updateInput(chart: SettingsFragment, draft: Draft): UpdateChartInput {
  const changed = new Set(changedFields(draftOf(chart), draft))
  return {
    chart: { id: chart.id },
    expectedVersion: chart.version,
    ...(changed.has('name') && { name: draft.name.trim() }),
    ...(changed.has('description') && { description: orNull(draft.description) }),
    ...(changed.has('visualization') && { visualization: draft.visualization }),
    ...(unitFields.some((f) => changed.has(f)) && { unit: unit(draft) }),
    ...(changed.has('target') && { target: target(draft) }),
    ...(changed.has('direction') && { direction: draft.direction }),
    ...(changed.has('staleAfter') && { staleAfter: staleAfter(draft) }),
  }
}

/** The form field that an input path of the API means, such as input.unit.currency. */
export function fieldOf(path: string | undefined): Field | undefined {
  const last = path?.split('.').pop()
  return last && last in emptyDraft ? (last as Field) : undefined
}
