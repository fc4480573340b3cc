import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { it } from 'node:test'
import { openPage } from './browser.mjs'
import { artifacts, browser, link } from './demo.mjs'

/**
 * How soon a slow phone shows the figures. What is the same on every machine is held to a budget: bytes, and requests that
 * wait for one another. Times are printed and kept in artifacts/phone.json, beside when a page of a few words is painted in the
 * same browser: they belong to the machine, and fail nothing.
 */

// Lighthouse's mobile: "slow 4G", and a processor four times slower. The emulation has no cost for opening a connection.
const slow4G = { offline: false, latency: 150, downloadThroughput: 1_638_400 / 8, uploadThroughput: 750_000 / 8 }
const CPU_SLOWDOWN = 4
const [FIRST_FIGURE, QUIET] = ['first figure', 'quiet']
const PASSES = Number(process.env.PHONE_PASSES ?? 1)

const BUDGET = { firstVisit: { bytes: 96 * 1024, roundTrips: 2 }, nextVisit: { bytes: 8 * 1024, roundTrips: 2 } }

it('a slow phone shows the figures soon', async () => {
  const passes = []
  for (let i = 0; i < PASSES; i++) passes.push(await visitTwice())
  const told = Object.fromEntries(Object.keys(BUDGET).map((visit) => [visit, summary(passes.map((p) => p[visit]))]))
  told.fewWords = { firstPaint: quickest(passes.map((p) => p.fewWords)) }
  writeFileSync(artifacts + 'phone.json', JSON.stringify(told, null, 2) + '\n')
  console.log('# ' + JSON.stringify(told))
  for (const [visit, budget] of Object.entries(BUDGET)) {
    assert.ok(told[visit].bytes <= budget.bytes, `${visit}: ${told[visit].bytes} bytes, of ${budget.bytes}`)
    assert.ok(told[visit].roundTrips <= budget.roundTrips, `${visit}: ${told[visit].roundTrips} round trips, of ${budget.roundTrips}: ${told[visit].chain.join(' -> ')}`)
  }
})

/** One pass: a few words, which are the floor; the page with an empty cache; the page again, as on the next morning. */
async function visitTwice() {
  const { origin, hash } = new URL(link)
  const page = await openPage(browser, origin, { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, reducedMotion: 'no-preference' })
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', slow4G)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.addInitScript(watch, { FIRST_FIGURE, QUIET })
  await page.goto(origin + '/site.webmanifest')
  const fewWords = await page.waitForFunction(firstPaint).then((found) => found.jsonValue())
  await page.goto('about:blank')
  page.faults.length = 0 // a browser asks for /favicon.ico where a document names no icon, until it is left
  const firstVisit = await visit(page, cdp, () => page.goto(origin + '/' + hash, { waitUntil: 'commit' }))
  const nextVisit = await visit(page, cdp, () => page.reload({ waitUntil: 'commit' }))
  assert.deepEqual(page.faults, [])
  await page.context().close()
  return { fewWords, firstVisit, nextVisit }
}

async function visit(page, cdp, go) {
  const traffic = record(cdp)
  // The page tells: where Playwright asks, it loads a script of its own first, which takes a slow phone 300 ms.
  const told = (what) => page.waitForEvent('console', { predicate: (message) => message.text() === what, timeout: 60_000 })
  const shown = told(FIRST_FIGURE)
  const quiet = told(QUIET)
  await go()
  await shown
  const chain = traffic.longestChain()
  await quiet
  await page.getByRole('status').filter({ hasText: /^Live$/ }).waitFor()
  await page.waitForLoadState('networkidle')
  traffic.stop()
  return { ...(await page.evaluate(() => window.times)), firstPaint: await page.evaluate(firstPaint), bytes: traffic.bytes(), requests: traffic.requests(), roundTrips: chain.length, chain }
}

/** Runs in a page: when it showed something. */
function firstPaint() {
  return performance.getEntriesByName('first-contentful-paint')[0]?.startTime
}

/**
 * Runs in the page, and tells it by the console: when the first card had a value; and when the page answered at once, since the
 * last task of more than 50 ms was over, until two seconds had passed without another.
 */
function watch({ FIRST_FIGURE, QUIET }) {
  const times = (window.times = { firstFigure: 0, interactive: 0, blocked: 0 })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      times.blocked += duration - 50
      times.interactive = Math.max(times.interactive, startTime + duration)
    }
  }).observe({ type: 'longtask', buffered: true })
  new MutationObserver((_, self) => {
    if (!document.querySelector('.card .figure')) return
    self.disconnect()
    requestAnimationFrame(() => setTimeout(shown))
  }).observe(document, { childList: true, subtree: true })

  function shown() {
    times.firstFigure = performance.now()
    times.interactive = Math.max(times.interactive, times.firstFigure)
    console.debug(FIRST_FIGURE)
    const timer = setInterval(() => {
      if (performance.now() - times.interactive < 2_000) return
      clearInterval(timer)
      console.debug(QUIET)
    }, 200)
  }
}

/** Listens to what goes over the network, and which request waited for which. */
function record(cdp) {
  const requests = new Map()
  const on = {
    'Network.requestWillBeSent': ({ requestId, request, initiator }) => requests.set(requestId, { url: request.url, cause: causeOf(initiator), bytes: 0, done: false, cached: false }),
    'Network.requestServedFromCache': ({ requestId }) => (requests.get(requestId).cached = true),
    'Network.responseReceived': ({ requestId, response }) => {
      const request = requests.get(requestId)
      if (request) request.cached ||= response.fromDiskCache
    },
    'Network.loadingFinished': ({ requestId, encodedDataLength }) => Object.assign(requests.get(requestId) ?? {}, { bytes: encodedDataLength, done: true }),
  }
  for (const [event, listener] of Object.entries(on)) cdp.on(event, listener)

  const sent = () => [...requests.values()].filter((r) => !r.cached && r.url.startsWith('http'))
  const chainTo = (request) => {
    const cause = [...requests.values()].find((r) => r.url === request.cause && r !== request)
    return [...(cause ? chainTo(cause) : []), ...(request.cached ? [] : [new URL(request.url).pathname])]
  }
  return {
    bytes: () => sent().reduce((sum, r) => sum + r.bytes, 0),
    requests: () => sent().length,
    longestChain: () => sent().filter((r) => r.done).map(chainTo).reduce((a, b) => (b.length > a.length ? b : a)),
    stop: () => Object.entries(on).forEach(([event, listener]) => cdp.off(event, listener)),
  }
}

/** The address of what made a request: the script that sent it, or the document that named it. */
function causeOf(initiator) {
  for (let stack = initiator.stack; stack; stack = stack.parent) {
    const frame = stack.callFrames.find((f) => f.url)
    if (frame) return frame.url
  }
  return initiator.url
}

/** What else a machine does only adds to a time: the least of them is the nearest to its own. */
function quickest(times) {
  return Math.round(Math.min(...times))
}

/** The least of times, and the most of what is counted. */
function summary(visits) {
  const least = (name) => quickest(visits.map((v) => v[name]))
  const most = (name) => visits.reduce((a, b) => (b[name] > a[name] ? b : a))
  return {
    firstPaint: least('firstPaint'), firstFigure: least('firstFigure'), interactive: least('interactive'), blocked: least('blocked'),
    bytes: most('bytes').bytes, requests: most('requests').requests, roundTrips: most('roundTrips').roundTrips, chain: most('roundTrips').chain,
  }
}
