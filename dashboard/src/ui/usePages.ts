import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { explain } from '../api/client'

type Page<T> = { nodes: T[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }

/** A list that comes page by page. */
export function usePages<T>(load: (after: string | null) => Promise<Page<T>>) {
  const items = useSignal<readonly T[] | null>(null)
  const next = useSignal<string | null>(null)
  const fault = useSignal('')

  async function get(after: string | null) {
    try {
      const page = await load(after)
      items.value = after ? [...(items.value ?? []), ...page.nodes] : page.nodes
      next.value = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      fault.value = ''
    } catch (error) {
      fault.value = explain(error)
    }
  }
  useEffect(() => void get(null), [])

  return { items: items.value, fault: fault.value, more: next.value ? () => get(next.value) : null, reload: () => get(null) }
}
