import { effect, signal } from '@preact/signals'
import { me } from './me'

/** The order of the cards: this browser's own, for each tenant apart, since the API keeps none. */
export const order = signal<readonly string[]>([])

const key = (tenant: string) => `mykpi-order-${tenant}`

effect(() => {
  const tenant = me.value?.tenant.id
  if (!tenant) return
  try {
    order.value = JSON.parse(localStorage.getItem(key(tenant)) ?? '[]')
  } catch {
    order.value = []
  }
})

export function saveOrder(ids: readonly string[]): void {
  order.value = ids
  const tenant = me.value?.tenant.id
  if (tenant) localStorage.setItem(key(tenant), JSON.stringify(ids))
}

/** ids with the one at from taken to to. */
export function moved(ids: readonly string[], from: number, to: number): string[] {
  const next = [...ids]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}
