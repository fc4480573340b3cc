// Writes documents.json: every operation of the page by its SHA-256, for `mykpi serve --trusted-documents`.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { runnerImport } from 'vite'

const { module } = await runnerImport('./src/api/generated.ts')
const documents = Object.entries(module)
  .filter(([name]) => name.endsWith('Document'))
  .map(([, document]) => document.toString())
  .map((text) => [createHash('sha256').update(text).digest('hex'), text])
writeFileSync(process.argv[2] ?? 'documents.json', JSON.stringify(Object.fromEntries(documents), null, 2) + '\n')
