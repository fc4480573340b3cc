// Fails if what the dashboard loads first is more than the budget: the scripts in index.html and those that it names, gzipped.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = 150 * 1024
const dist = new URL('../dist/', import.meta.url)
const index = readFileSync(new URL('index.html', dist), 'utf8')
const within = [...index.matchAll(/<script[^>]*>(.+?)<\/script>/gs)].map((m) => m[1])
const named = [...index.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => readFileSync(new URL(m[1], dist)))
if (within.length === 0) throw new Error('index.html holds no script')
let size = 0
for (const script of [...within, ...named]) size += gzipSync(script).length
console.log(`first load: ${(size / 1024).toFixed(1)} KB of JavaScript, gzipped, of ${BUDGET / 1024}`)
if (size > BUDGET) process.exit(1)
