// How a dashboard of 50 charts bears 10 updates a second: `MYKPI=… node test/load.mjs SECONDS`. It prints what it measured,
// and fails where the page keeps what it should forget, or something went wrong in it.
import assert from 'node:assert/strict'
import { launch, openPage } from './browser.mjs'
import { Server } from './server.mjs'

const seconds = Number(process.argv[2] ?? 600)
const charts = 50
const perSecond = 10
const MOST_GROWTH = 1 // MiB of heap, from the first reading to the last, each after a collection

const server = await Server.start()
const browser = await launch()
try {
  for (let i = 0; i < charts; i++) {
    await server.create('load', { key: `c${i}`, name: `Chart ${i}`, aggregation: 'SUM', visualization: i % 2 ? 'AREA' : 'BAR' })
    await server.push('load', `c${i}`, Array.from({ length: 7 }, (_, day) => ({ value: 10 * day + i, at: new Date(Date.now() - day * 86_400_000).toISOString() })))
  }
  const page = await openPage(browser, server.origin, { reducedMotion: 'no-preference' })
  await page.goto(await server.link('load'))
  await page.getByRole('article').nth(charts - 1).waitFor()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' }) // CPU time: what others do on the machine does not count
  const read = async () => {
    await cdp.send('HeapProfiler.collectGarbage')
    const { metrics } = await cdp.send('Performance.getMetrics')
    const { TaskDuration, JSHeapUsedSize, Nodes } = Object.fromEntries(metrics.map((m) => [m.name, m.value]))
    return { cpu: TaskDuration, heap: JSHeapUsedSize / 2 ** 20, nodes: Nodes }
  }
  await push(5) // until all code is warm
  const start = Date.now()
  const readings = [await read()]
  let sent = 0
  for (let left = seconds; left > 0; left -= 60) {
    sent += await push(Math.min(60, left), sent)
    readings.push(await read())
  }
  const [first, last] = [readings[0], readings.at(-1)]
  const passed = (Date.now() - start) / 1000
  console.log(`heap, MiB, each minute: ${readings.map((r) => r.heap.toFixed(2)).join(' ')}`)
  console.log(
    `${sent} updates of ${charts} charts in ${passed.toFixed(0)} s: main thread ${((100 * (last.cpu - first.cpu)) / passed).toFixed(1)} % of a core; ` +
      `heap ${first.heap.toFixed(2)} MiB, then ${last.heap.toFixed(2)}; nodes ${first.nodes}, then ${last.nodes}`,
  )
  assert.deepEqual(page.faults, [])
  assert.ok(last.heap - first.heap < MOST_GROWTH, 'the heap grew')
  assert.ok(last.nodes < first.nodes * 1.1, 'the document grew')
} finally {
  await browser.close()
  await server.close()
}

/** Pushes a number to one chart after the other for some seconds; answers how many. */
async function push(during, from = 0) {
  const start = Date.now()
  let i = 0
  for (; i < during * perSecond; i++) {
    const due = start + (i * 1000) / perSecond
    if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()))
    await server.push('load', `c${(from + i) % charts}`, [{ value: 1 }])
  }
  return i
}
