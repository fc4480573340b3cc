import { build, defineConfig, type Plugin } from 'vite'

// The server of `mykpi demo --listen 127.0.0.1:8080` answers for `npm run dev`.
const server = process.env.MYKPI_SERVER ?? 'http://127.0.0.1:8080'

/**
 * Has index.html hold what the first paint and the first figures need, so that neither waits for another file. The policy
 * names both by their hashes (dashboard.go).
 */
function inlineFirst(): Plugin[] {
  return [
    {
      name: 'inline-early',
      apply: 'build',
      transformIndexHtml: {
        order: 'pre',
        async handler(html) {
          const tag = '<script type="module" src="/src/early.ts"></script>'
          if (!html.includes(tag)) throw new Error(`index.html lacks ${tag}`)
          return html.replace(tag, `<script>${await earlyScript()}</script>`)
        },
      },
    },
    {
      name: 'inline-styles',
      apply: 'build',
      transformIndexHtml: {
        order: 'post',
        handler(html, { bundle }) {
          return html.replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/g, (_, name: string) => {
            const sheet = bundle![name]!
            if (sheet.type !== 'asset') throw new Error(`${name} is no style sheet`)
            delete bundle![name]
            return `<style>${String(sheet.source).trim()}</style>`
          })
        },
      },
    },
  ]
}

async function earlyScript(): Promise<string> {
  const output = await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2022', modulePreload: false, lib: { entry: 'src/early.ts', formats: ['iife'], name: 'early' } },
  })
  const [{ output: [chunk] }] = [output].flat() as { output: { code: string }[] }[]
  return chunk!.code.trim().replaceAll('</', '<\\/')
}

export default defineConfig({
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [inlineFirst()],
  server: { proxy: { '/graphql': { target: server, ws: true } } },
})
