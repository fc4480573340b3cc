/**
 * Decimals of the API are exact JSON numbers, of more digits than a number of JavaScript holds. Where it would round one, the
 * page keeps its digits instead: to show it, not to reckon with it.
 */
export type Decimal = number | `${number}`

/** What a decimal comes to, for the geometry of charts; null stays what is not there. */
export function approximate(decimal: Decimal): number
export function approximate(decimal: Decimal | null): number | null
export function approximate(decimal: Decimal | null): number | null {
  return decimal === null ? null : Number(decimal)
}

const SURE_DIGITS = 15 // a double holds any decimal of so many

/** Parses an answer of the server, keeping the digits of what a number would round. */
export function parseAnswer(text: string): unknown {
  return /[\d.]{16}/.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

/** A reviver of JSON.parse; context is what today's engines tell it, and others don't: there the number stays as it is. */
export function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || !source || source.length <= SURE_DIGITS || String(value) === source) return value
  return source
}
