import { signal } from '@preact/signals'
import { request } from '../api/client'
import { MeDocument, type MeQuery, type Permission } from '../api/generated'

/** Who looks at the page, and what they may do. */
export const me = signal<MeQuery['viewer'] | null>(null)

export async function loadMe(): Promise<void> {
  me.value = (await request(MeDocument, {})).viewer
}

export function may(permission: Permission): boolean {
  return me.value?.permissions.includes(permission) ?? false
}
