import type { ComponentChildren } from 'preact'
import { signOut } from '../session/session'
import { me, may } from '../state/me'
import { ConnectionState } from './ConnectionState'
import { Icon } from './Icon'
import { Logo } from './Logo'
import { ThemeSwitch } from './ThemeSwitch'

/** What is around every page: the business, whether the figures are live, and the way to everything else. */
export function Frame({ children }: { children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <header class="top">
        <a class="brand" href="/">
          <Logo />
          <span>{me.value?.tenant.name ?? 'MyKPI'}</span>
        </a>
        <ConnectionState />
        <nav aria-label="Site">
          <a class="plain icon-only to-tv" href="/?tv" aria-label="TV mode" title="TV mode">
            <Icon name="tv" />
          </a>
          <ThemeSwitch />
          {may('RECORD') && (
            <a class="plain icon-only" href="/settings" aria-label="Settings" title="Settings">
              <Icon name="settings" />
            </a>
          )}
          <button class="plain icon-only" aria-label="Sign out" title="Sign out" onClick={signOut}>
            <Icon name="out" />
          </button>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
