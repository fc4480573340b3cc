import { build, type Plugin, type Rolldown } from 'vite'

type Bundle = Rolldown.OutputBundle

/**
 * Has index.html hold all that the first figures need: the early script, the styles, and the entry with what it imports, so
 * that nothing of it waits for a second request. The policy names each by its hash (dashboard.go). Pages that are loaded later
 * find what they share with the entry in window.mykpi.
 */
export function inlineFirst(): Plugin[] {
  return [
    {
      name: 'inline-early',
      apply: 'build',
      transformIndexHtml: {
        order: 'pre',
        handler: async (html) => swap(html, '<script type="module" src="/src/early.ts"></script>', element('script', await earlyScript())),
      },
    },
    {
      name: 'inline-entry',
      apply: 'build',
      enforce: 'post',
      config: () => ({ build: { rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } } } } }),
      generateBundle: {
        order: 'post',
        handler(_, bundle) {
          const page = bundle['index.html'] as Rolldown.OutputAsset
          page.source = inlineStyles(inlineEntry(String(page.source), bundle), bundle)
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
  const [{ output: [chunk] }] = [output].flat() as Rolldown.RolldownOutput[]
  return chunk.code.trim()
}

/** Moves the entry into the page, behind what the page shows before it runs: as a classic script, which runs at once, not when all of the page is parsed. */
function inlineEntry(html: string, bundle: Bundle): string {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const entry = chunks.find((chunk) => chunk.isEntry)!
  const file = entry.fileName.replace('assets/', './')
  delete bundle[entry.fileName]
  for (const chunk of chunks) chunk.code = chunk.code.replace(new RegExp(`import(\\{[^}]*\\}) ?from ?["'\`]${file}["'\`];?`), (_, names: string) => `const${names.replaceAll(' as ', ':')}=window.mykpi;`)
  const code = entry.code
    .replace(/export(\{[^}]*\});?\s*$/, (_, names: string) => `window.mykpi=${names.replace(/([\w$]+) as ([\w$]+)/g, '$2:$1')}`)
    .replaceAll('import(`./', 'import(`/assets/')
    .replaceAll('import.meta', '{url:location.href}')
  const at = html.match(/ *<script[^>]* src="\/assets\/index-[^>]*><\/script>\n/)![0]
  return swap(swap(html, at, ''), '  </body>', `    ${element('script', `(()=>{${ascii(code)}})()`)}\n  </body>`)
}

/** code without a character that would have a browser hold the page, and read it, at two bytes for each. */
function ascii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))
}

function inlineStyles(html: string, bundle: Bundle): string {
  return html.replace(/<link rel="stylesheet"[^>]* href="\/([^"]+)">/g, (_, name: string) => {
    const sheet = bundle[name] as Rolldown.OutputAsset
    delete bundle[name]
    return element('style', String(sheet.source))
  })
}

function element(tag: string, text: string): string {
  return `<${tag}>${text.trim().replace(/<\/(?=script|style)/gi, '<\\/')}</${tag.split(' ')[0]}>`
}

function swap(html: string, old: string, by: string): string {
  if (html.split(old).length !== 2) throw new Error(`index.html has no single ${old}`)
  return html.replace(old, () => by)
}
