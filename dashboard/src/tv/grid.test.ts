import { expect, it } from 'vitest'
import { gridOf, pageOf } from './grid'

it.each([
  [1920, 1080, 12, { columns: 3, rows: 2, pages: 2 }],
  [1920, 1080, 4, { columns: 2, rows: 2, pages: 1 }],
  [1920, 1080, 0, { columns: 1, rows: 1, pages: 1 }],
  [1080, 1920, 10, { columns: 2, rows: 3, pages: 2 }],
  [390, 844, 3, { columns: 1, rows: 2, pages: 2 }],
])('%i x %i with %i cards: %o', (width, height, cards, want) => expect(gridOf(width, height, cards)).toEqual(want))

it('shows every card, page by page, and begins again', () => {
  const cards = Array.from({ length: 13 }, (_, i) => i)
  const grid = gridOf(1920, 1080, cards.length)
  const seen = Array.from({ length: grid.pages }, (_, turn) => pageOf(cards, grid, turn)).flat()
  expect(seen).toEqual(cards)
  expect(pageOf(cards, grid, grid.pages)).toEqual(pageOf(cards, grid, 0))
})
