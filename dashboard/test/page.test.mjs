import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { openPage } from './browser.mjs'
import { artifacts, browser, card, check, live, names, revenue, server, shows, tickets, visitors } from './check.mjs'
import { allowCognito, nearby, playCognito } from './cognito.mjs'
import { Server } from './server.mjs'

/** What the page alone decides, whatever keeps the figures: the door, keyboard, layout, what axe says. These run once. */

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe('the way in', () => {
  check('a link signs in, and its token leaves the address at once', { tenant: 'link', charts: [revenue] }, async (page) => {
    await shows(page, 'Revenue', '€120.00')
    assert.equal(page.url(), server.origin + '/')
    assert.deepEqual(await page.evaluate(() => Object.values(localStorage).filter((v) => v.includes('eyJ'))), [])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.length), 0)
  })

  it('a token that ends under an open page leads to the door', async () => {
    await server.token('ends')
    const page = await openPage(browser, server.origin)
    page.setDefaultTimeout(60_000)
    let sockets = 0
    page.on('websocket', () => sockets++)
    await page.goto(`${server.origin}/#token=${await server.token('ends', 'VIEWER', '3s')}`)
    await page.getByRole('heading', { name: 'No charts yet' }).waitFor()
    await page.getByText('You are signed out').waitFor()
    assert.ok(sockets < 12, `${sockets} sockets, while the server still took the token for its clock's sake`)
    await page.context().close()
  })

  check('a token that the server refuses leads to the door', { tenant: 'refused', allow: [/401/] }, async (page) => {
    await page.getByRole('heading', { name: 'Your first chart' }).waitFor()
    await page.goto(`${server.origin}/#token=not-a-token`)
    await page.getByText('You are signed out').waitFor()
  })

  check('Cognito: authorization code with PKCE, and renewal of the token', { tenant: 'cognito', charts: [revenue], browserOptions: nearby, allow: allowCognito }, async (page) => {
    // The first token is about to expire, so that the page has to renew it.
    const asked = await playCognito(page, (form) => server.token('cognito', 'ADMIN', form.refresh_token === 'r1' ? '1h' : '30s'))
    await page.evaluate(() => sessionStorage.clear())
    await page.goto(server.origin + '/charts/revenue')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Revenue', exact: true }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/charts/revenue')
    assert.deepEqual(asked.grants, ['authorization_code', 'refresh_token'])
    assert.equal(asked.code_challenge_method, 'S256')
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(asked.code_verifier))
    assert.equal(Buffer.from(digest).toString('base64url'), asked.code_challenge)
  })
})

describe('trusted documents', () => {
  it('are all that the page asks', async () => {
    const strict = await Server.start('--trusted-documents', new URL('../documents.json', import.meta.url).pathname)
    try {
      await strict.token('strict')
      const page = await openPage(browser, strict.origin)
      await page.goto(await strict.link('strict'))
      await page.getByRole('button', { name: /Shop/ }).click()
      await card(page, 'Revenue').getByRole('link').click()
      await page.getByRole('button', { name: 'Record a value' }).click()
      await page.getByLabel('Value', { exact: true }).fill('9')
      await page.getByRole('dialog').getByRole('button', { name: 'Record' }).click()
      await page.locator('.plot canvas').waitFor()
      await live(page)
      assert.deepEqual(page.faults, [])
      await page.context().close()
    } finally {
      await strict.close()
    }
  })
})

describe('everybody', () => {
  check('by keyboard alone', { tenant: 'keyboard', charts: [revenue, tickets, visitors] }, async (page) => {
    await shows(page, 'Visitors', '900')
    const tabTo = async (name) => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab')
        if (await page.evaluate((n) => (document.activeElement.ariaLabel ?? document.activeElement.textContent).trim().startsWith(n), name)) return
      }
      assert.fail(`no way to ${name} by Tab`)
    }
    await tabTo('Arrange')
    await page.keyboard.press('Enter')
    await tabTo('Move Revenue')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('End')
    assert.deepEqual(await names(page, 3), ['Open tickets', 'Visitors', 'Revenue'])
    await page.reload()
    await shows(page, 'Visitors', '900')
    assert.deepEqual(await names(page, 3), ['Open tickets', 'Visitors', 'Revenue'])
    await tabTo('Visitors')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Visitors', exact: true }).waitFor()
    await tabTo('Record a value')
    await page.keyboard.press('Enter')
    await page.getByLabel('Value', { exact: true }).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('100')
    await page.keyboard.press('Enter')
    await page.getByText('Recorded 100', { exact: true }).waitFor()
  })

  check('by dragging', { tenant: 'drag', charts: [revenue, tickets, visitors] }, async (page) => {
    await page.getByRole('button', { name: 'Arrange' }).click()
    await page.getByRole('button', { name: /Move Visitors/ }).hover()
    await page.mouse.down()
    const target = await card(page, 'Revenue').boundingBox()
    await page.mouse.move(target.x + 40, target.y + 60, { steps: 8 })
    await page.mouse.up()
    assert.deepEqual(await names(page, 3), ['Visitors', 'Revenue', 'Open tickets'])
  })

  check('a finger reads a bucket of the chart', { tenant: 'finger', charts: [{ ...revenue, points: [0, 1, 2, 3, 4, 5, 6].map((i) => ({ value: 10 * (i + 1), at: new Date(Date.now() - i * 86_400_000).toISOString() })) }], browserOptions: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } }, async (page) => {
    await page.goto(server.origin + '/charts/revenue')
    const plot = page.locator('.plot .u-over')
    const { x, y, width, height } = await plot.boundingBox()
    const reads = (value) => page.locator('.reading b').filter({ hasText: value }).waitFor()
    await page.touchscreen.tap(x + width / 2, y + height / 2)
    await reads('€40.00')
    const cdp = await page.context().newCDPSession(page)
    const touch = (type, at) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y: y + height / 2 }] })
    await touch('touchStart', x + 4)
    await reads('€70.00')
    for (const share of [0.25, 0.5, 0.75, 0.99]) await touch('touchMove', x + width * share)
    await reads('€10.00')
    await touch('touchEnd')
    await reads('€10.00') // stays to be read once the finger is off it
    await page.locator('.reading').getByText('so far').waitFor()
  })

  check('an open chart view moves on at midnight, without news', { tenant: 'midnight', charts: [revenue] }, async (page) => {
    await page.clock.install()
    let turns
    let asked = 0
    await page.route('**/graphql', async (route) => {
      if (!/query ChartView/.test(route.request().postData())) return route.fallback()
      asked++
      const response = await route.fetch()
      const answer = await response.json()
      const { buckets } = answer.data.chart.trend
      const today = buckets.at(-1)
      if (turns) {
        // The server's clock stands where it is: this is what it will say tomorrow.
        today.complete = true
        buckets.push({ ...today, start: today.end, end: new Date(turns + 86_400_000).toISOString(), value: 0, count: 0, complete: false })
        buckets.shift()
      }
      turns = Date.parse(today.end)
      await route.fulfill({ response, json: answer })
    })
    await page.goto(server.origin + '/charts/revenue')
    const row = (n) => page.locator('.buckets tbody').nth(n)
    await row(0).filter({ hasText: '€120.00' }).getByText('so far').waitFor()
    await page.clock.fastForward(turns - Date.now() - 60_000)
    await page.clock.runFor(20_000)
    assert.equal(asked, 1)
    await page.clock.runFor(120_000)
    await row(0).filter({ hasText: '€0.00' }).getByText('so far').waitFor()
    await row(1).filter({ hasText: '€120.00' }).waitFor()
  })

  check('the history tells one in the singular', { tenant: 'singular', charts: [{ key: 'orders', name: 'Orders', aggregation: 'SUM', unit: { kind: 'NUMBER', decimals: 0, suffix: 'orders' }, points: [{ value: 1 }] }] }, async (page) => {
    await server.push('singular', 'orders', [{ value: 3 }])
    await page.goto(server.origin + '/charts/orders')
    await page.locator('.history').getByText(/^Recorded 1 for /).waitFor()
    await page.locator('.history').getByText(/^Recorded 3\sorders for /).waitFor()
    await page.getByRole('button', { name: 'Record a value' }).click()
    await page.getByLabel('Value', { exact: true }).fill('1')
    await page.getByRole('dialog').getByRole('button', { name: 'Record' }).click()
    await page.getByText('Recorded 1', { exact: true }).waitFor()
  })

  for (const colorScheme of ['light', 'dark']) {
    check(`axe finds nothing, ${colorScheme}`, { tenant: `axe-${colorScheme}`, charts: [revenue, { ...tickets, target: '5' }, { key: 'new', name: 'New' }], browserOptions: { colorScheme } }, async (page) => {
      for (const path of ['/', '/charts/revenue', '/charts/new', '/charts/revenue/edit', '/new', '/templates', '/archived', '/settings', '/data', '/?tv']) {
        await page.goto(server.origin + path)
        await page.locator('h1').first().waitFor()
        await page.locator('[aria-busy]').waitFor({ state: 'detached' })
        const { violations } = await page.evaluate(`${axe}; axe.run({ resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`)
        assert.deepEqual(violations.map((v) => `${path} ${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`), [])
      }
      await page.getByRole('heading').first().waitFor()
    })
  }

  check('nothing overflows on a phone', { tenant: 'phone', charts: [revenue, tickets, { key: 'empty', name: 'Empty' }, { key: 'great', name: 'Great', aggregation: 'LAST', unit: { kind: 'CURRENCY', currency: 'EUR', decimals: 6 }, points: [{ value: '987654321098.765432' }] }], browserOptions: { viewport: { width: 320, height: 640 } } }, async (page) => {
    for (const path of ['/', '/charts/revenue', '/charts/empty', '/charts/great', '/charts/revenue/edit', '/data', '/settings', '/templates']) {
      await page.goto(server.origin + path)
      await page.locator('h1').first().waitFor()
      await page.locator('[aria-busy]').waitFor({ state: 'detached' })
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('main *:not(.pills *, .sr-only)')].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest('pre')).map((e) => e.outerHTML.slice(0, 120)),
      )
      assert.deepEqual(outside, [], path)
    }
  })

  check('light and dark by choice, from the first paint on', { tenant: 'theme', charts: [revenue] }, async (page) => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
    await page.getByRole('button', { name: 'Theme: system. Change to light' }).click()
    await page.getByRole('button', { name: 'Theme: light. Change to dark' }).click()
    assert.equal(await theme(), 'dark')
    await page.addInitScript(() => new MutationObserver((_, self) => {
      if (!document.querySelector('.skeleton')) return
      self.disconnect()
      window.first = { theme: document.documentElement.dataset.theme, figures: document.querySelectorAll('.figure').length }
    }).observe(document, { childList: true, subtree: true }))
    await page.reload()
    await shows(page, 'Revenue', '€120.00')
    assert.deepEqual(await page.evaluate(() => window.first), { theme: 'dark', figures: 0 })
  })

  check('a chart is printed without what is there to be clicked', { tenant: 'print', charts: [revenue], browserOptions: { colorScheme: 'dark' } }, async (page) => {
    await page.goto(server.origin + '/charts/revenue')
    await page.locator('.plot canvas').waitFor()
    await page.emulateMedia({ media: 'print' })
    for (const name of ['Sign out', 'Record a value', 'CSV', 'Theme: system. Change to light']) assert.equal(await page.getByRole('button', { name }).isVisible(), false, name)
    for (const name of ['Revenue', 'Points', 'History']) assert.equal(await page.getByRole('heading', { name, exact: true }).isVisible(), true, name)
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await page.screenshot({ path: `${artifacts}print.png`, fullPage: true })
  })

  it('says that it is not live any more', async () => {
    const gone = await Server.start()
    try {
      await gone.token('gone')
      await gone.create('gone', { key: 'revenue', name: 'Revenue' })
      const page = await openPage(browser, gone.origin)
      await page.clock.install()
      await page.goto(await gone.link('gone'))
      await live(page)
      await gone.kill()
      await page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor()
      await page.clock.runFor(75_000)
      await page.getByRole('status').filter({ hasText: 'Not live: as of' }).waitFor()
      await card(page, 'Revenue').waitFor()
      await page.context().close()
    } finally {
      await gone.close()
    }
  })

  check('TV mode turns its pages', { tenant: 'tv', charts: Array.from({ length: 8 }, (_, i) => ({ key: `c${i}`, name: `Chart ${i}`, points: [{ value: i }] })), browserOptions: { viewport: { width: 1920, height: 1080 } } }, async (page) => {
    await page.clock.install()
    await page.goto(server.origin + '/?tv')
    await card(page, 'Chart 0').waitFor()
    assert.equal(await page.locator('.skeleton').count(), 0)
    await page.clock.runFor(16_000)
    await card(page, 'Chart 7').waitFor()
    assert.equal(await card(page, 'Chart 0').count(), 0)
  })
})
