import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe } from 'node:test'
import { card, check, live, names, revenue, run, server, shows, tickets, visitors } from './check.mjs'

/** What depends on what is stored, and how it is: these run on both engines. */

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

  check('every digit of a value is shown, more than a number holds', { tenant: 'exact', charts: [{ key: 'ledger', name: 'Ledger', aggregation: 'LAST', unit: { kind: 'CURRENCY', currency: 'EUR', decimals: 6 }, points: [{ value: '123456789012.345678' }] }] }, async (page) => {
    await shows(page, 'Ledger', '€123,456,789,012.345678')
    await live(page)
    await server.push('exact', 'ledger', [{ value: '987654321098.765432' }])
    await shows(page, 'Ledger', '€987,654,321,098.765432')
    await card(page, 'Ledger').getByRole('link').click()
    await page.getByText('Recorded €987,654,321,098.765432').waitFor()
    assert.equal(await page.locator('.chart-value .figure .sr-only').textContent(), '€987,654,321,098.765432')
    const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
    assert.match(await readFile(await csv.path(), 'utf8'), /,987654321098\.765432,/)
  })

  check('a card tells how old its figure is, and since when it is stale', { tenant: 'stale', charts: [{ ...tickets, staleAfter: 3600, points: [{ value: 7, at: new Date(Date.now() - 3 * 86_400_000).toISOString() }] }, revenue] }, async (page) => {
    const since = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'Europe/Paris' }).format(Date.now() - 3 * 86_400_000 + 3_600_000)
    await card(page, 'Open tickets').getByText(`Stale since ${since}`).waitFor()
    await card(page, 'Revenue').getByText('just now').waitFor()
    await page.getByRole('list', { name: 'How the charts stand' }).getByText('1 stale').waitFor()
  })

  for (const [reducedMotion, steps] of [['no-preference', 'glides'], ['reduce', 'jumps']]) {
    check(`a figure ${steps} to its next value`, { tenant: steps, charts: [revenue], browserOptions: { reducedMotion } }, async (page) => {
      await shows(page, 'Revenue', '€120.00')
      await live(page)
      await page.evaluate(() => {
        const figure = document.querySelector('.figure [aria-hidden]')
        window.seen = []
        new MutationObserver(() => window.seen.push(figure.textContent)).observe(figure, { subtree: true, childList: true, characterData: true })
      })
      await server.push(steps, 'revenue', [{ value: 880 }])
      await page.locator('.figure [aria-hidden]').getByText('€1,000.00').waitFor()
      const between = (await page.evaluate(() => window.seen)).filter((text) => text !== '€1,000.00')
      assert.equal(between.length > 0, reducedMotion === 'no-preference', between.join(' '))
    })
  }

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
    const plot = page.getByRole('slider', { name: 'Revenue, 24 hours' })
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
    await page.getByLabel('Target').and(page.locator(':focus')).waitFor()
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
    await dialog.and(page.locator(':focus')).waitFor()
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
    await page.getByText('Archived Revenue').waitFor()
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

  for (const [template, chart, hint] of [['Shop', 'Refunds', /charge\.refunded/], ['SaaS', 'Churn', /Stripe subscriptions/], ['Agency', 'Pipeline', /HubSpot or Pipedrive/]]) {
    check(`the template ${template} makes its charts`, { tenant: `template-${template.toLowerCase()}` }, async (page) => {
      await page.getByRole('button', { name: template }).click()
      await page.getByText('Made 6 charts').waitFor()
      assert.equal((await names(page, 6)).length, 6)
      await card(page, chart).getByRole('link').click()
      await page.getByText('From n8n').click()
      await page.getByText(hint).waitFor()
    })
  }

  check('a viewer sees no way to change', { tenant: 'viewer', role: 'VIEWER', charts: [revenue] }, async (page) => {
    await shows(page, 'Revenue', '€120.00')
    for (const name of ['Arrange', 'Settings']) assert.equal(await page.getByRole('button', { name }).count() + await page.getByRole('link', { name }).count(), 0, name)
    assert.equal(await page.getByRole('link', { name: 'New chart' }).count(), 0)
    await card(page, 'Revenue').getByRole('link').click()
    await page.getByRole('heading', { name: 'History' }).waitFor()
    for (const name of ['Record a value', 'Archive', 'Edit']) assert.equal(await page.getByText(name, { exact: true }).count(), 0, name)
  })

  const today = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin' }).format() // 2026-11-26
  const noon = (daysAgo) => new Date(Date.parse(today) - daysAgo * 86_400_000 + 43_200_000).toISOString()
  const daily = { ...visitors, points: [{ value: 1 }, ...[1, 2, 3, 4, 5, 6].map((i) => ({ value: 1, at: noon(i) }))] }

  check('the business and its calendar', { tenant: 'calendar', charts: [daily] }, async (page) => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Café Müller')
    await page.getByLabel('Time zone').selectOption('Europe/Berlin')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. All figures follow').waitFor()
    await page.getByRole('link', { name: 'Café Müller' }).waitFor()
    for (const [day, number] of [['Monday', 1], ['Sunday', 0], ['Saturday', 6]]) {
      await page.goto(server.origin + '/settings')
      await page.getByLabel('Weeks begin on').selectOption(day)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Saved. All figures follow').waitFor()
      await page.goto(server.origin + '/charts/visitors?period=THIS_WEEK')
      const days = ((new Date(today).getUTCDay() - number + 7) % 7) + 1
      await page.locator('.chart-value .figure .sr-only').getByText(String(days), { exact: true }).waitFor({ state: 'attached' })
      assert.equal(await page.locator('.buckets tbody').count(), days, `buckets of a week that began on ${day}`)
    }
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
