import { signal } from '@preact/signals'
import type { FirstQuery, Permission } from '../api/generated'

/** Who looks at the page, and what they may do. */
export const me = signal<FirstQuery['viewer'] | null>(null)

export function may(permission: Permission): boolean {
  return me.value?.permissions.includes(permission) ?? false
}
