import { effect, signal } from '@preact/signals'

/** Light or dark, by the system or by choice. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'mykpi-theme'
const saved = localStorage.getItem(KEY)

export const theme = signal<Theme>(saved === 'light' || saved === 'dark' ? saved : 'system')

effect(() => {
  document.documentElement.dataset.theme = theme.value
  if (theme.value === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme.value)
})
