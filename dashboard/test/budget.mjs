// Fails if what the dashboard loads first is more than the budget: the entry and what it imports, gzipped.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = 150 * 1024
const dist = new URL('../dist/', import.meta.url)
const index = readFileSync(new URL('index.html', dist), 'utf8')
const first = [...index.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1])
if (first.length === 0) throw new Error('index.html loads no script')
let size = 0
for (const file of first) size += gzipSync(readFileSync(new URL(file, dist))).length
console.log(`first load: ${(size / 1024).toFixed(1)} KB of JavaScript, gzipped, of ${BUDGET / 1024}`)
if (size > BUDGET) process.exit(1)
