import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { after, before, it } from 'node:test'
import { promisify } from 'node:util'
import { launch, openPage } from './browser.mjs'
import { Server } from './server.mjs'

/** What the tests of the page share: a browser and a server for each file of them, charts, and how the page shows them. */

export const run = promisify(execFile)
export const artifacts = new URL('../artifacts/', import.meta.url).pathname
mkdirSync(artifacts, { recursive: true })

export let browser
export let server

before(async () => {
  ;[browser, server] = await Promise.all([launch(), Server.start()])
})

after(async () => {
  await browser?.close()
  await server?.close()
})

/** A test with a page of its own, signed in to a tenant; nothing may go wrong in the page but what the test allows. */
export function check(name, { tenant, role = 'ADMIN', charts = [], browserOptions, allow = [] }, steps) {
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

export const revenue = { key: 'revenue', name: 'Revenue', aggregation: 'SUM', unit: { kind: 'CURRENCY', currency: 'EUR', decimals: 2 }, points: [{ value: 120 }] }
export const tickets = { key: 'tickets', name: 'Open tickets', aggregation: 'LAST', unit: { kind: 'NUMBER', decimals: 0 }, direction: 'DOWN_IS_GOOD', points: [{ value: 7 }] }
export const visitors = { key: 'visitors', name: 'Visitors', aggregation: 'SUM', unit: { kind: 'NUMBER', decimals: 0 }, points: [{ value: 900 }] }

export const card = (page, name) => page.getByRole('article', { name })
export const shows = (page, name, text) => card(page, name).locator('.figure .sr-only').filter({ hasText: text }).waitFor({ state: 'attached' })

/** The names of the cards in their order, once there are so many: they are drawn one after the other. */
export async function names(page, count) {
  await page.getByRole('article').nth(count - 1).waitFor()
  return page.getByRole('article').evaluateAll((cards) => cards.map((c) => c.getAttribute('aria-label')))
}

export const live = (page) => page.getByRole('status').filter({ hasText: /^Live$/ }).waitFor()
