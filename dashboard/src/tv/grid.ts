/** How many cards a screen takes, large enough to be read from across a room, and how many pages that makes. */

const CARD_WIDTH = 560
const CARD_HEIGHT = 450

export type Grid = { columns: number; rows: number; pages: number }

export function gridOf(width: number, height: number, cards: number): Grid {
  const most = { columns: clamp(Math.round(width / CARD_WIDTH), 1, 4), rows: clamp(Math.round(height / CARD_HEIGHT), 1, 3) }
  const pages = Math.max(1, Math.ceil(cards / (most.columns * most.rows)))
  const perPage = Math.ceil(cards / pages)
  const columns = Math.max(1, Math.min(most.columns, Math.ceil(perPage / most.rows)))
  return { columns, rows: Math.max(1, Math.ceil(perPage / columns)), pages }
}

function clamp(n: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, n))
}

export function pageOf<T>(cards: readonly T[], { columns, rows, pages }: Grid, turn: number): readonly T[] {
  const size = columns * rows
  const start = (turn % pages) * size
  return cards.slice(start, start + size)
}
