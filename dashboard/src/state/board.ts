import { computed, signal } from '@preact/signals'
import { request } from '../api/client'
import { BoardDocument, type BoardFragment, type CardFragment } from '../api/generated'
import { order } from './order'

/** The active charts of the tenant, as far as the page knows them. */

export type Card = CardFragment

const known = signal<ReadonlyMap<string, Card>>(new Map())

/** Whether the first snapshot is there. */
export const loaded = signal(false)

/** The charts in the person's own order; new ones come last. */
export const board = computed(() => {
  const place = new Map(order.value.map((id, i) => [id, i]))
  return [...known.value.values()].sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0)
})

export function cardByKey(key: string): Card | undefined {
  for (const card of known.value.values()) if (card.key === key) return card
}

/** For each load under way what was taken in meanwhile: its answer may be older than that. */
const underway = new Set<Card[]>()

let begun = 0 // loads so far, and ends of sessions
let told = 0 // the newest of them that the page follows: a load that began before, and ends later, tells nothing

/** Takes in the newer state of a chart; an older one changes nothing, nor does what the page knows already: a feed begins with all charts as they are. */
export function takeIn(card: Card): void {
  for (const meanwhile of underway) meanwhile.push(card)
  const had = known.value.get(card.id)
  if (had && (had.version > card.version || JSON.stringify(had) === JSON.stringify(card))) return
  const next = new Map(known.value)
  if (card.status === 'ARCHIVED') next.delete(card.id)
  else next.set(card.id, card)
  known.value = next
}

/** Asks for everything anew, or for what is beyond a first page: what the page missed heals, whatever it was. */
export async function loadBoard(first: Promise<BoardFragment> = loadCharts(null)): Promise<void> {
  const next = new Map<string, Card>()
  const meanwhile: Card[] = []
  const load = ++begun
  underway.add(meanwhile)
  try {
    let charts = await first
    for (;;) {
      for (const card of charts.nodes) {
        const had = known.value.get(card.id)
        next.set(card.id, had && had.version > card.version ? had : card)
      }
      if (!charts.pageInfo.hasNextPage) break
      charts = await loadCharts(charts.pageInfo.endCursor)
    }
  } finally {
    underway.delete(meanwhile)
  }
  if (load < told) return
  told = load
  known.value = next
  loaded.value = true
  meanwhile.forEach(takeIn)
}

async function loadCharts(after: string | null): Promise<BoardFragment> {
  return (await request(BoardDocument, { after })).charts
}

export function forgetBoard(): void {
  told = ++begun
  known.value = new Map()
  loaded.value = false
}
