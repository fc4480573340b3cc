// How a dashboard of 50 charts bears 10 updates a second: `MYKPI=… node test/load.mjs SECONDS`. It prints what it measured.
import { launch, openPage } from './browser.mjs'
import { Server } from './server.mjs'

const seconds = Number(process.argv[2] ?? 600)
const charts = 50
const perSecond = 10

const server = await Server.start()
const browser = await launch()
try {
  for (let i = 0; i < charts; i++) {
    await server.create('load', { key: `c${i}`, name: `Chart ${i}`, aggregation: 'SUM', visualization: i % 2 ? 'AREA' : 'BAR' })
    await server.push('load', `c${i}`, Array.from({ length: 7 }, (_, day) => ({ value: 10 * day + i, at: new Date(Date.now() - day * 86_400_000).toISOString() })))
  }
  const page = await openPage(browser, server.origin)
  await page.goto(await server.link('load'))
  await page.getByRole('article').nth(charts - 1).waitFor()
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' }) // CPU time: what others do on the machine does not count
  const read = async () => {
    await cdp.send('HeapProfiler.collectGarbage')
    const { metrics } = await cdp.send('Performance.getMetrics')
    return Object.fromEntries(metrics.map((m) => [m.name, m.value]))
  }
  const before = await read()
  const start = Date.now()
  for (let i = 0; Date.now() - start < seconds * 1000; i++) {
    const due = start + (i * 1000) / perSecond
    if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()))
    await server.push('load', `c${i % charts}`, [{ value: 1, key: `p${i}` }])
  }
  const after = await read()
  const busy = (after.TaskDuration - before.TaskDuration) / ((Date.now() - start) / 1000)
  const heap = (m) => (m.JSHeapUsedSize / 2 ** 20).toFixed(1)
  console.log(`${seconds} s: main thread ${(100 * busy).toFixed(1)} % of a core; heap ${heap(before)} MiB, then ${heap(after)}; nodes ${before.Nodes}, then ${after.Nodes}; faults ${page.faults.length}`)
} finally {
  await browser.close()
  await server.close()
}
