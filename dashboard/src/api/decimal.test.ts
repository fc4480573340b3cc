import { expect, it } from 'vitest'
import { keepDigits, parseAnswer } from './decimal'

// What JSON.parse tells a reviver of the source is told here, since this Node's does not; test/stored.test.mjs has the browser's.
it.each<[string, unknown]>([
  ['123456789012.345678', '123456789012.345678'],
  ['-99999999999999999.5', '-99999999999999999.5'],
  ['0.1', 0.1],
  ['999999999999.999', 999999999999.999],
  ['9007199254740993', '9007199254740993'],
  ['9007199254740992', 9007199254740992],
])('%s is %j', (source, want) => expect(keepDigits('value', Number(source), { source })).toBe(want))

it('leaves the others as they are', () => {
  expect(keepDigits('id', '1234567890123456789', { source: '"1234567890123456789"' })).toBe('1234567890123456789')
  expect(parseAnswer('[0.1, 1e3, null, "2026-01-01T00:00:00.000000Z"]')).toEqual([0.1, 1000, null, '2026-01-01T00:00:00.000000Z'])
})
