import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A server with a shop's figures (`mykpi demo`): the link it printed, and how to end it. */
export async function startDemo() {
  const demo = spawn(process.env.MYKPI, ['demo', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: demo.stdout })) {
    const link = line.match(/http:\S+\/#token=\S+/)?.[0]
    if (link) return { link, close: () => demo.kill() }
  }
  throw new Error('the demo ended without a link')
}
