import type { Theme } from '../state/storedTheme'
import { theme } from '../state/theme'
import { Icon, type IconName } from './Icon'

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const icons: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' }

export function ThemeSwitch() {
  const current = theme.value
  const label = `Theme: ${current}. Change to ${next[current]}`
  return (
    <button class="plain icon-only" aria-label={label} title={label} onClick={() => (theme.value = next[current])}>
      <Icon name={icons[current]} />
    </button>
  )
}
