// Bundles main.jsx and its style into dist/. The same lock file gives the same bytes, so CI can compare them.
import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'

// GraphiQL's style carries two families of fonts, most of its size. The reader's own fonts serve.
const withoutFonts = {
  name: 'without-fonts',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/@font-face\s*{[^}]*}/g, ''),
      loader: 'css',
    }))
  },
}

await build({
  entryPoints: { graphiql: 'main.jsx' },
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [withoutFonts],
  logLevel: 'info',
})
