import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { after, before } from 'node:test'
import { launch } from './browser.mjs'

/** What the tests of the demo share: a browser, and a server with a shop's figures (`mykpi demo`) for each file of them. */

export const artifacts = new URL('../artifacts/', import.meta.url).pathname
mkdirSync(artifacts, { recursive: true })

export let browser
/** The link that the demo printed. */
export let link

let demo

before(async () => {
  ;[browser, link] = await Promise.all([launch(), start()])
})

after(async () => {
  await browser?.close()
  demo?.kill()
})

async function start() {
  demo = spawn(process.env.MYKPI, ['demo', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: demo.stdout })) {
    const printed = line.match(/http:\S+\/#token=\S+/)?.[0]
    if (printed) return printed
  }
  throw new Error('the demo ended without a link')
}
