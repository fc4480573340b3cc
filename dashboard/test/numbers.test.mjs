import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { runnerImport } from 'vite'
import { launch } from './browser.mjs'

/** The page writes numbers by a table of its own (src/format/number.ts), and must write them as the browser's Intl would. */

let browser
before(async () => (browser = await launch()))
after(() => browser?.close())

// This process has no Intl to ask, so that what the table does not know is told from what it knows: it is null.
Intl.NumberFormat = Intl.RelativeTimeFormat = class {
  format = () => null
}

const load = async (name) => (await runnerImport(`./src/format/${name}.ts`)).module
const { formatNumber, formatAgo, UNITS, AGO_UNITS } = await load('number')
const { locales } = await load('locales')
const tags = locales.split('\n').map((line) => line.split(/[ |]/)[0]) // of each line one

const VALUES = [
  0, -0, 0.4, 0.5, 1, -1, 1.005, 2, 2.5, -3.14159, 9.995, 12.345, -42, 99.5, 100, 999.5, 999.999, 1000, 1234.5, -9999, 12345.678, 99999.995, 123456.5,
  0.0001, -0.001, 1e-7, 0.07, 8.7e-2, 999_999, 1e6, -1.5e6, 1234567.891, 9_995_000, 21e6, 999_994_999, 999_995_000, 1e9, 2.5e9, 12_345_678_901.5, 1e12, 3.4e14, 1e15, 1e21,
  '123456789012.345678', '-99999999999999999.995', '0.000000000000000001', '12345678901234567890e-2',
]
const OPTIONS = [
  {}, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, { maximumFractionDigits: 0 }, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' },
  { style: 'percent' }, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 },
  ...['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'PLN', 'BRL', 'JPY', 'INR'].flatMap((currency) =>
    [{ minimumFractionDigits: 2, maximumFractionDigits: 2 }, { minimumFractionDigits: 0, maximumFractionDigits: 0, signDisplay: 'exceptZero' }].map((more) => ({ style: 'currency', currency, ...more })),
  ),
  ...UNITS.flatMap((unit) => [0, 1].map((maximumFractionDigits) => ({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }))),
]
const SHORT = [{}, { signDisplay: 'exceptZero' }, { style: 'percent' }, { style: 'currency', currency: 'EUR' }, { style: 'currency', currency: 'USD', signDisplay: 'exceptZero' }].map((o) => ({ ...o, notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 2 }))

it('writes numbers as the browser does', async () => {
  const values = [...VALUES, ...Array.from({ length: 20 }, () => Number(((Math.random() - 0.5) * 10 ** (Math.random() * 14)).toFixed(Math.random() * 7)))]
  const cases = [
    ...values.flatMap((value) => OPTIONS.map((options) => [value, options])),
    ...values.filter((v) => Math.abs(Number(v)) >= 1e6).flatMap((value) => SHORT.map((options) => [value, options])),
  ]
  await compare(cases, formatNumber, (locale, cases) => {
    const formats = new Map()
    return cases.map(([value, options]) => {
      const key = JSON.stringify(options)
      if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale, options))
      return formats.get(key).format(value)
    })
  })
})

it('writes ages as the browser does', async () => {
  const cases = AGO_UNITS.flatMap((unit) => Array.from({ length: 60 }, (_, i) => [i + 1, unit]))
  await compare(cases, formatAgo, (locale, cases) => {
    const format = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' })
    return cases.map(([n, unit]) => format.format(-n, unit))
  })
})

/** Holds what the page writes, where its table knows how, against what the browser does. */
async function compare(cases, ours, theirs) {
  const page = await browser.newPage()
  for (const locale of tags) {
    const written = cases.map(([value, how]) => ours(value, how, locale))
    const want = await page.evaluate(`(${theirs})(${JSON.stringify(locale)}, [${cases.map(([v, how]) => `[${typeof v === 'string' ? `'${v}'` : Object.is(v, -0) ? '-0' : v},${JSON.stringify(how)}]`)}])`)
    const wrong = cases.flatMap((c, i) => (written[i] !== null && written[i] !== want[i] ? [`${locale} ${c[0]} ${JSON.stringify(c[1])}: ${written[i]}, not ${want[i]}`] : []))
    assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} are other: is src/format/locales.ts older than this browser? \`node locales.mjs\` makes it anew`)
    const known = written.filter((text) => text !== null).length
    assert.ok(known > cases.length / 3, `${locale}: only ${known} of ${cases.length} are known`)
  }
  await page.close()
}
