import { chromium } from 'playwright-core'

// The pages that list proposals below the address bar: each window loads its own, which keeps a core busy for its first two seconds.
// Chromium heeds the last list of features alone, so that the others are Playwright's.
const WITHOUT = [
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
  'AimEnabled', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PaintHolding', 'PreconnectToSearch',
]

/** Debian's Chromium, asking nobody outside. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--disable-features=${WITHOUT}`],
  })
}

/**
 * A page that remembers everything that must not happen: console errors, page errors, requests to another origin. Nothing moves
 * in it unless options say so: without a graphics card, what moves for ever keeps a core busy.
 */
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Paris', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  page.faults = []
  page.on('console', (message) => message.type() === 'error' && page.faults.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => page.faults.push(`page: ${error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) page.faults.push(`request: ${request.url()}`)
  })
  return page
}
