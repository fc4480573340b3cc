import { effect, signal } from '@preact/signals'
import { readTheme, writeTheme } from './storedTheme'

export const theme = signal(readTheme())

effect(() => {
  document.documentElement.dataset.theme = theme.value
  writeTheme(theme.value)
})
