import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { launch, openPage } from './browser.mjs'
import { Server } from './server.mjs'

const run = promisify(execFile)
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const artifacts = new URL('../artifacts/', import.meta.url).pathname
mkdirSync(artifacts, { recursive: true })

let browser
let server

before(async () => {
  ;[browser, server] = await Promise.all([launch(), Server.start()])
})

after(async () => {
  await browser?.close()
  await server?.close()
})

/** A test with a page of its own, signed in to a tenant; nothing may go wrong in the page but what the test allows. */
function check(name, { tenant, role = 'ADMIN', charts = [], browserOptions, allow = [] }, steps) {
  it(name, async () => {
    await server.token(tenant)
    for (const chart of charts) {
      const { points, ...input } = chart
      await server.create(tenant, input)
      if (points) await server.push(tenant, input.key, points)
    }
    const page = await openPage(browser, server.origin, browserOptions)
    try {
      await page.goto(await server.link(tenant, role))
      await steps(page)
      assert.deepEqual(page.faults.filter((fault) => !allow.some((pattern) => pattern.test(fault))), [])
    } catch (error) {
      await page.screenshot({ path: `${artifacts}failed-${name.replace(/\W+/g, '-')}.png` })
      throw error
    } finally {
      await page.context().close()
    }
  })
}

const revenue = { key: 'revenue', name: 'Revenue', aggregation: 'SUM', unit: { kind: 'CURRENCY', currency: 'EUR', decimals: 2 }, points: [{ value: 120 }] }
const tickets = { key: 'tickets', name: 'Open tickets', aggregation: 'LAST', unit: { kind: 'NUMBER', decimals: 0 }, direction: 'DOWN_IS_GOOD', points: [{ value: 7 }] }
const visitors = { key: 'visitors', name: 'Visitors', aggregation: 'SUM', unit: { kind: 'NUMBER', decimals: 0 }, points: [{ value: 900 }] }

const card = (page, name) => page.getByRole('article', { name })
const shows = (page, name, text) => card(page, name).locator('.figure .sr-only').filter({ hasText: text }).waitFor({ state: 'attached' })
const names = (page) => page.getByRole('article').evaluateAll((cards) => cards.map((c) => c.getAttribute('aria-label')))
const live = (page) => page.getByRole('status').filter({ hasText: /^Live$/ }).waitFor()

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
    await page.goto(`${server.origin}/#token=${await server.token('ends', 'VIEWER', '3s')}`)
    await page.getByRole('heading', { name: 'No charts yet' }).waitFor()
    await page.getByText('You are signed out').waitFor()
    await page.context().close()
  })

  check('a token that the server refuses leads to the door', { tenant: 'refused', allow: [/401/] }, async (page) => {
    await page.getByRole('heading', { name: 'Your first chart' }).waitFor()
    await page.goto(`${server.origin}/#token=not-a-token`)
    await page.getByText('You are signed out').waitFor()
  })

  check('Cognito: authorization code with PKCE, and renewal of the token', { tenant: 'cognito', charts: [revenue], allow: [/^request: https:\/\/auth\.test\//, /LOCAL_NETWORK_ACCESS/] }, async (page) => {
    const asked = { grants: [] }
    await page.route(server.origin + '/**', async (route) => {
      if (route.request().resourceType() !== 'document') return route.continue()
      const response = await route.fetch()
      const told = JSON.stringify({ cognito: { domain: 'auth.test', clientId: 'c1', scopes: ['openid'] } }).replaceAll('"', '&quot;')
      const headers = { ...response.headers(), 'content-security-policy': response.headers()['content-security-policy'].replace('connect-src', 'connect-src https://auth.test') }
      await route.fulfill({ response, headers, body: (await response.text()).replace('content="{}"', `content="${told}"`) })
    })
    await page.route('https://auth.test/**', async (route) => {
      const url = new URL(route.request().url())
      if (url.pathname === '/oauth2/authorize') {
        Object.assign(asked, Object.fromEntries(url.searchParams))
        return route.fulfill({ contentType: 'text/html', body: `<meta http-equiv="refresh" content="0;url=${asked.redirect_uri}?code=abc&state=${asked.state}">` })
      }
      const form = Object.fromEntries(new URLSearchParams(route.request().postData() ?? ''))
      asked.grants.push(form.grant_type)
      asked.code_verifier ??= form.code_verifier
      // The first token is about to expire, so that the page has to renew it.
      const token = await server.token('cognito', 'ADMIN', form.refresh_token === 'r1' ? '1h' : '30s')
      return route.fulfill({ headers: { 'access-control-allow-origin': server.origin }, json: { id_token: token, refresh_token: 'r1' } })
    })
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

describe('figures', () => {
  check('from empty to the first live number', { tenant: 'empty', browserOptions: { permissions: ['clipboard-read', 'clipboard-write'] } }, async (page) => {
    await page.getByRole('link', { name: 'Make a chart' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Coffee sold')
    await page.getByRole('button', { name: 'Create chart' }).click()
    await page.getByRole('heading', { name: /Waiting for the first number/ }).waitFor()
    await page.getByRole('button', { name: 'Copy' }).first().click()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    const { stdout } = await run('sh', ['-c', command.replace(/^curl /, 'curl -s ')])
    assert.equal(JSON.parse(stdout).data.recordDataPoints.recorded, 1)
    await page.locator('.chart-value .figure').filter({ hasText: '42' }).waitFor()
    await page.locator('.plot canvas').waitFor()
    await page.getByRole('link', { name: 'All charts' }).click()
    await shows(page, 'Coffee sold', '42')
  })

  check('an update is shown by itself', { tenant: 'live', charts: [revenue] }, async (page) => {
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    const start = performance.now()
    await server.push('live', 'revenue', [{ value: 80, key: 'order-1' }])
    await shows(page, 'Revenue', '€200.00')
    console.log(`# a pushed number was shown after ${Math.round(performance.now() - start)} ms`)
    await server.create('live', { key: 'tickets', name: 'Open tickets' })
    await card(page, 'Open tickets').waitFor()
  })

  check('server-sent events where websockets do not get through', { tenant: 'events', charts: [revenue] }, async (page) => {
    await page.routeWebSocket(/graphql/, (socket) => socket.close())
    await page.reload()
    await live(page)
    await server.push('events', 'revenue', [{ value: 80 }])
    await shows(page, 'Revenue', '€200.00')
  })

  check('the server killed and started again under an open page', { tenant: 'restart', charts: [revenue, tickets], allow: [/ERR_CONNECTION|WebSocket|ERR_SOCKET/] }, async (page) => {
    await shows(page, 'Revenue', '€120.00')
    await live(page)
    await server.kill()
    await page.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor()
    await shows(page, 'Revenue', '€120.00')
    await server.up()
    await server.push('restart', 'revenue', [{ value: 5 }])
    await live(page)
    await shows(page, 'Revenue', '€125.00')
    await server.push('restart', 'tickets', [{ value: 3 }])
    await shows(page, 'Open tickets', '3')
  })

  check('the chart view: period, reading, corrections, exports', { tenant: 'view', charts: [revenue] }, async (page) => {
    await server.push('view', 'revenue', [{ value: 40, key: 'order-9' }], 'n8n run 77')
    await server.push('view', 'revenue', [{ value: 45, key: 'order-9' }], 'n8n run 78')
    await card(page, 'Revenue').getByRole('link').click()
    await page.locator('.correction').getByText('€40.00').waitFor()
    await page.getByText('n8n run 78').waitFor()
    await page.getByText('24 hours', { exact: true }).click()
    await page.waitForURL(/period=LAST_24_HOURS/)
    const plot = page.getByRole('slider')
    await plot.focus()
    await page.keyboard.press('End')
    await page.locator('.reading').getByText('€165.00').waitFor()
    assert.match(await plot.getAttribute('aria-valuetext'), /€165\.00 so far/)
    const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
    const text = await readFile(await csv.path(), 'utf8')
    assert.match(text, /^\ufeffat,value,key,source\r\n/)
    assert.match(text, /,45,order-9,n8n run 78\r\n/)
    const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PNG' }).click()])
    assert.equal((await readFile(await png.path())).subarray(1, 4).toString(), 'PNG')
    await page.getByRole('button', { name: /^Sat|^Sun|^Mon|^Tue|^Wed|^Thu|^Fri/ }).first().click()
    await page.getByText(/order-9/).first().waitFor()
  })
})

describe('changes', () => {
  check('a chart is edited with a live preview', { tenant: 'edit', charts: [revenue] }, async (page) => {
    await page.goto(server.origin + '/charts/revenue/edit')
    await page.getByLabel('Name', { exact: true }).fill('Sales')
    await card(page, 'Sales').waitFor()
    await page.getByLabel('Target').fill('12x')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Write a number').waitFor()
    assert.equal(await page.getByLabel('Target').getAttribute('aria-invalid'), 'true')
    await page.getByLabel('Target').fill('100')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Sales', exact: true }).waitFor()
    await page.getByText('Renamed it to “Sales”, set the target to €100.00').waitFor()
  })

  check('what the server refuses is told at its field', { tenant: 'taken', charts: [revenue], allow: [] }, async (page) => {
    await page.goto(server.origin + '/new')
    await page.getByLabel('Name', { exact: true }).fill('Again')
    await page.getByLabel('Key').fill('revenue')
    await page.getByRole('button', { name: 'Create chart' }).click()
    await page.locator('.field', { has: page.getByLabel('Key') }).locator('.fault').waitFor()
  })

  check('new figures are no conflict; a change of somebody else is', { tenant: 'conflict', charts: [revenue] }, async (page) => {
    await page.goto(server.origin + '/charts/revenue/edit')
    await page.getByLabel('Name', { exact: true }).fill('Mine')
    await server.push('conflict', 'revenue', [{ value: 1 }])
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Mine', exact: true }).waitFor()

    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Mine again')
    await server.graphql('conflict', 'mutation { updateChart(input: {chart: {key: "revenue"}, name: "Theirs", target: 50}) { chart { id } } }')
    await page.getByRole('button', { name: 'Save' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Theirs:').waitFor()
    await dialog.getByText(/Target: theirs is taken over/).waitFor()
    await dialog.getByText('Mine:').click()
    await dialog.getByRole('button', { name: 'Save this' }).click()
    await page.getByRole('heading', { name: 'Mine again', exact: true }).waitFor()
    await page.getByText('Target €50.00').first().waitFor()
  })

  check('archive, undo, archive, restore', { tenant: 'archive', charts: [revenue, tickets] }, async (page) => {
    await card(page, 'Revenue').getByRole('link').click()
    await page.getByRole('button', { name: 'Archive' }).click()
    await page.getByText('Archived Revenue').waitFor()
    await card(page, 'Revenue').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await shows(page, 'Revenue', '€120.00')
    await card(page, 'Revenue').getByRole('link').click()
    await page.getByRole('button', { name: 'Archive' }).click()
    await card(page, 'Revenue').waitFor({ state: 'detached' })
    await page.goto(server.origin + '/archived')
    await page.getByRole('button', { name: 'Restore Revenue' }).click()
    await page.getByText('Revenue is back').waitFor()
  })

  check('a value is recorded by hand, and taken back', { tenant: 'hand', charts: [revenue] }, async (page) => {
    await card(page, 'Revenue').getByRole('link').click()
    await page.getByRole('button', { name: 'Record a value' }).click()
    await page.getByLabel('Value', { exact: true }).fill('10,5')
    await page.getByRole('dialog').getByRole('button', { name: 'Record' }).click()
    await page.getByText('Recorded €10.50', { exact: true }).waitFor()
    await page.locator('.chart-value .figure').filter({ hasText: '€130.50' }).waitFor()
    await page.locator('.buckets button').first().click()
    await page.getByRole('button', { name: /Take back €10.50/ }).click()
    await page.locator('.chart-value .figure').filter({ hasText: '€120.00' }).waitFor()
  })

  check('a template makes its charts', { tenant: 'template' }, async (page) => {
    await page.getByRole('button', { name: /SaaS/ }).click()
    await page.getByText('Made 6 charts').waitFor()
    assert.equal((await names(page)).length, 6)
    await card(page, 'Churn').getByRole('link').click()
    await page.getByText('From n8n').click()
    await page.getByText(/Stripe subscriptions/).waitFor()
  })

  check('a viewer sees no way to change', { tenant: 'viewer', role: 'VIEWER', charts: [revenue] }, async (page) => {
    await shows(page, 'Revenue', '€120.00')
    for (const name of ['Arrange', 'Settings']) assert.equal(await page.getByRole('button', { name }).count() + await page.getByRole('link', { name }).count(), 0, name)
    assert.equal(await page.getByRole('link', { name: 'New chart' }).count(), 0)
    await card(page, 'Revenue').getByRole('link').click()
    await page.getByRole('heading', { name: 'History' }).waitFor()
    for (const name of ['Record a value', 'Archive', 'Edit']) assert.equal(await page.getByText(name, { exact: true }).count(), 0, name)
  })

  check('the business and its calendar', { tenant: 'calendar', charts: [revenue] }, async (page) => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Café Müller')
    await page.getByLabel('Time zone').selectOption('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. All figures follow').waitFor()
    await page.getByRole('link', { name: 'Café Müller' }).waitFor()
  })
})

describe('administration', () => {
  check('an API key is shown once, works, and is revoked', { tenant: 'keys', charts: [revenue], browserOptions: { permissions: ['clipboard-read', 'clipboard-write'] } }, async (page) => {
    await page.goto(server.origin + '/settings')
    await page.getByLabel('Name of the key').fill('n8n')
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.locator('.snippet', { hasText: 'In a terminal' }).getByRole('button', { name: 'Copy' }).click()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    const push = async () => JSON.parse((await run('sh', ['-c', command.replace(/^curl /, 'curl -s ')])).stdout)
    assert.equal((await push()).data.recordDataPoints.recorded, 1)
    await page.getByRole('button', { name: 'I have it' }).click()
    assert.equal((await page.locator('main').textContent()).includes(command.match(/Bearer (\S+)'/)[1]), false)
    await page.getByRole('button', { name: 'Revoke n8n' }).click()
    await page.getByText('Revoked n8n').waitFor()
    await page.getByText(/revoked just now/).waitFor()
  })

  check('a delivery is taken back and brought back; refused points are sent again', { tenant: 'data', charts: [revenue] }, async (page) => {
    await server.push('data', 'revenue', [{ value: 30, key: 'o-1' }, { value: 5, key: 'o-2', at: '1980-01-01T00:00:00Z' }], 'n8n run 5')
    await page.goto(server.origin + '/data')
    await page.getByText('"1980-01-01T00:00:00Z"').waitFor()
    await page.getByRole('button', { name: 'Take back n8n run 5' }).click()
    await page.getByText(/Took n8n run 5 back: 1 removed/).waitFor()
    await page.getByRole('button', { name: 'Bring back n8n run 5' }).click()
    await page.getByText(/stands again: 1 recorded/).waitFor()
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('Sent again: 1 refused again').waitFor()
  })

  check('people are invited, change roles, and leave', { tenant: 'people' }, async (page) => {
    await page.goto(server.origin + '/settings')
    await page.getByLabel('Email').fill('nobody')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.locator('.fault').waitFor()
    await page.getByLabel('Email').fill('ana@example.com')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByText('Invited ana@example.com').waitFor()
    await page.getByLabel('Role of ana@example.com').selectOption('EDITOR')
    await page.getByText('Changed the role of ana@example.com').waitFor()
    await page.getByRole('button', { name: 'Remove ana@example.com' }).click()
    await page.getByText('Removed ana@example.com').waitFor()
    await page.getByRole('button', { name: 'Remove ana@example.com' }).waitFor({ state: 'detached' })
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
    assert.deepEqual(await names(page), ['Open tickets', 'Visitors', 'Revenue'])
    await page.reload()
    await shows(page, 'Visitors', '900')
    assert.deepEqual(await names(page), ['Open tickets', 'Visitors', 'Revenue'])
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
    assert.deepEqual(await names(page), ['Visitors', 'Revenue', 'Open tickets'])
  })

  for (const colorScheme of ['light', 'dark']) {
    check(`axe finds nothing, ${colorScheme}`, { tenant: `axe-${colorScheme}`, charts: [revenue, { ...tickets, target: '5' }, { key: 'new', name: 'New' }], browserOptions: { colorScheme, reducedMotion: 'reduce' } }, async (page) => {
      for (const path of ['/', '/charts/revenue', '/charts/new', '/charts/revenue/edit', '/new', '/templates', '/archived', '/settings', '/data', '/?tv']) {
        await page.goto(server.origin + path)
        await page.locator('h1').first().waitFor()
        await page.locator('[aria-busy]').waitFor({ state: 'detached' })
        const { violations } = await page.evaluate(`${axe}; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`)
        assert.deepEqual(violations.map((v) => `${path} ${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`), [])
      }
      await page.getByRole('heading').first().waitFor()
    })
  }

  check('nothing overflows on a phone', { tenant: 'phone', charts: [revenue, tickets, { key: 'empty', name: 'Empty' }], browserOptions: { viewport: { width: 320, height: 640 } } }, async (page) => {
    for (const path of ['/', '/charts/revenue', '/charts/empty', '/charts/revenue/edit', '/data', '/settings', '/templates']) {
      await page.goto(server.origin + path)
      await page.locator('h1').first().waitFor()
      await page.locator('[aria-busy]').waitFor({ state: 'detached' })
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('main *:not(.pills *, .sr-only)')].filter((e) => e.getBoundingClientRect().right > innerWidth && !e.closest('pre')).map((e) => e.outerHTML.slice(0, 120)),
      )
      assert.deepEqual(outside, [], path)
    }
  })

  check('TV mode turns its pages', { tenant: 'tv', charts: Array.from({ length: 8 }, (_, i) => ({ key: `c${i}`, name: `Chart ${i}`, points: [{ value: i }] })), browserOptions: { viewport: { width: 1920, height: 1080 } } }, async (page) => {
    await page.clock.install()
    await page.goto(server.origin + '/?tv')
    await card(page, 'Chart 0').waitFor()
    await page.clock.runFor(16_000)
    await card(page, 'Chart 7').waitFor()
    assert.equal(await card(page, 'Chart 0').count(), 0)
  })
})
