import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openPage } from './browser.mjs'
import { artifacts, browser, link } from './demo.mjs'

/** Pictures of the demo's pages, in artifacts/, to be looked at; what must not happen in a page must not happen here. */

const desktop = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true }
const tv = { viewport: { width: 1920, height: 1080 } }

const pictures = [
  { name: 'dashboard-light', ...desktop },
  { name: 'dashboard-dark', ...desktop, colorScheme: 'dark' },
  { name: 'dashboard-phone', ...phone },
  { name: 'chart-light', viewport: { width: 1440, height: 1180 }, path: '/charts/mrr?period=LAST_90_DAYS', told: true },
  { name: 'chart-dark', viewport: { width: 1440, height: 1180 }, path: '/charts/orders?period=LAST_30_DAYS', colorScheme: 'dark' },
  { name: 'chart-phone', ...phone, path: '/charts/revenue', colorScheme: 'dark' },
  { name: 'tv', ...tv, path: '/?tv', colorScheme: 'dark' },
  { name: 'new-chart', ...desktop, path: '/new' },
  { name: 'settings', viewport: { width: 1000, height: 1400 }, path: '/settings' },
  { name: 'settings-dark', viewport: { width: 1000, height: 1400 }, path: '/settings', colorScheme: 'dark' },
  { name: 'templates', ...desktop, path: '/templates' },
]

for (const { name, path = '/', told, ...options } of pictures) {
  it(name, async () => {
    const { origin, hash } = new URL(link)
    const page = await openPage(browser, origin, options)
    await page.goto(origin + path + hash)
    await page.locator('h1').first().waitFor()
    await page.waitForFunction(() => localStorage.getItem('mykpi-typeface'))
    await page.reload() // a phone wears the typeface from its second visit
    await page.locator('h1').first().waitFor()
    if (told) await history(page)
    await page.getByRole('status').filter({ hasText: /^Live$/ }).waitFor()
    await page.locator('html.inter').waitFor({ state: 'attached' })
    await page.screenshot({ path: `${artifacts}${name}.png` })
    assert.deepEqual(page.faults, [])
    await page.context().close()
  })
}

/** Gives the chart something to tell, once: a correction by a run of n8n, and a new target. */
async function history(page) {
  await page.locator('.history li').first().waitFor()
  await page.evaluate(async () => {
    const { token } = JSON.parse(sessionStorage.getItem('mykpi-session'))
    const key = location.pathname.split('/')[2]
    const ask = (query, variables) =>
      fetch('/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) }).then((r) => r.json())
    const push = (value, source) =>
      ask('mutation($i: RecordDataPointsInput!) { recordDataPoints(input: $i) { chart { target name } } }', { i: { chart: { key }, source, points: [{ key: 'inv-1042', value }] } })
    await push(13480, 'n8n run 1841')
    const { data } = await push(13520, 'n8n run 1842')
    await ask('mutation($i: UpdateChartInput!) { updateChart(input: $i) { chart { id } } }', { i: { chart: { key }, target: data.recordDataPoints.chart.target + 500 } })
  })
  await page.getByText(/set the target/i).first().waitFor()
}
