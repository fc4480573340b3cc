import { defineConfig } from 'vite'
import { inlineFirst } from './inline.ts'

// The server of `mykpi demo --listen 127.0.0.1:8080` answers for `npm run dev`.
const server = process.env.MYKPI_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [inlineFirst()],
  server: { proxy: { '/graphql': { target: server, ws: true } } },
})
