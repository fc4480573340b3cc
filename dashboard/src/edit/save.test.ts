import { expect, it } from 'vitest'
import type { SettingsFragment } from '../api/generated'
import { changedFields, check, createInput, draftOf, emptyDraft, fieldOf, parseDecimal, updateInput } from './draft'

const chart: SettingsFragment = {
  id: 'chart_1', key: 'revenue', name: 'Revenue', description: null, visualization: 'LINE', aggregation: 'SUM',
  unit: { kind: 'CURRENCY', currency: 'EUR', decimals: 2, suffix: null },
  target: 100, direction: 'UP_IS_GOOD', staleAfter: null, status: 'ACTIVE', version: 7, updatedAt: '2026-01-01T00:00:00Z',
}

it.each([
  ['1500', '1500'], ['1,5', '1.5'], ['1 500.25', '1500.25'], ['−3', '-3'], ['', null], ['1,500.25', null], ['1e3', null], ['NaN', null],
])('parseDecimal %j is %j', (text, want) => expect(parseDecimal(text)).toBe(want))

it('sends only what changed', () => {
  const draft = draftOf(chart)
  expect(updateInput(chart, draft)).toEqual({ chart: { id: 'chart_1' }, expectedVersion: 7 })
  expect(updateInput(chart, { ...draft, target: '', name: ' Sales ' })).toEqual({ chart: { id: 'chart_1' }, expectedVersion: 7, name: 'Sales', target: null })
  expect(updateInput(chart, { ...draft, decimals: '0' }).unit).toEqual({ kind: 'CURRENCY', currency: 'EUR', decimals: 0, suffix: null })
  expect(changedFields(draft, { ...draft, kind: 'NUMBER', target: '5' })).toEqual(['kind', 'target'])
})

it('sends no currency where there is none', () => {
  expect(createInput({ ...emptyDraft, name: 'Orders' }).unit?.currency).toBeNull()
})

it('says what is wrong where it is wrong', () => {
  expect(Object.keys(check({ ...emptyDraft, key: 'A B', target: 'x', kind: 'CURRENCY', currency: '€' }))).toEqual(['name', 'key', 'target', 'currency'])
  expect(check({ ...emptyDraft, name: 'x' })).toEqual({})
  expect(fieldOf('input.unit.currency')).toBe('currency')
  expect(fieldOf('input.expectedVersion')).toBeUndefined()
})
