import { useEffect, useRef } from 'preact/hooks'
import 'uplot/dist/uPlot.min.css'
import '../styles/chart.css'
import { explain } from '../api/client'
import type { Granularity, Period } from '../api/generated'
import { Buckets } from '../chart/Buckets'
import { addsUp, loadView, type ChartData, type View } from '../chart/data'
import { exportCSV, exportPNG } from '../chart/exports'
import { History } from '../chart/History'
import { granularityNames, isPeriod, periods } from '../chart/periods'
import { Plot } from '../chart/Plot'
import { navigate, place } from '../router'
import { cardByKey } from '../state/board'
import { now } from '../state/clock'
import { theme } from '../state/theme'
import { FirstNumber } from '../teach/FirstNumber'
import { Change } from '../ui/Change'
import { Figure } from '../ui/Figure'
import { Freshness } from '../ui/Freshness'
import { Icon } from '../ui/Icon'
import { Target } from '../ui/Target'
import { toast } from '../ui/toast'
import { useLoad } from '../ui/useLoad'
import { ChartActions } from './ChartActions'

/** One chart: its value, its trend over any period, its points, and its history. */
export default function ChartPage({ chartKey }: { chartKey: string }) {
  const { query } = place.value
  const asked = query.get('period')
  const period: Period = isPeriod(asked) ? asked : 'LAST_7_DAYS'
  const by = periods[period].granularities.find((g) => g === query.get('by')) ?? null
  const { data: view, error, reload } = useLoad(() => loadView(chartKey, period, by), [chartKey, period, by])
  useFollow(chartKey, view, reload)
  useCalendar(view, reload)

  if (!view) {
    if (error) return <p class="alert">{explain(error)}</p>
    return <p class="hint">Loading…</p>
  }
  return <ChartView view={view} period={period} by={by} onChanged={reload} />
}

/** Loads again soon after the live feed brought news of the chart, at most once in a while. */
function useFollow(key: string, view: View | null, reload: () => void) {
  const live = cardByKey(key)
  const behind = view && live && (live.version > view.chart.version || live.updatedAt > view.chart.updatedAt)
  useEffect(() => {
    if (!behind) return
    const timer = setTimeout(reload, 250)
    return () => clearTimeout(timer)
  }, [behind, live?.version])
}

/** Loads again once the first open bucket has ended, as at midnight: a day has begun then, news or none. */
function useCalendar(view: View | null, reload: () => void) {
  const minute = Math.floor(now.value / 60_000)
  useEffect(() => {
    const open = view?.chart.trend.buckets.find((b) => !b.complete)
    if (open && Date.parse(open.end) <= Date.now()) reload()
  }, [minute]) // and not at each load, since this clock may be ahead of the server's
}

type Shown = { view: View; period: Period; by: Granularity | null; onChanged: () => void }

function ChartView({ view, period, by, onChanged }: Shown) {
  const { chart, period: shown } = view // which is the last one's until the asked one has come
  const canvas = useRef<HTMLCanvasElement | null>(null)
  usePrintInLight()
  useEffect(() => {
    document.title = `${chart.name} · MyKPI`
    return () => void (document.title = 'MyKPI')
  }, [chart.name])
  const empty = chart.kpi.value === null && chart.version === 1
  return (
    <div class="chart-page">
      <ChartHead chart={chart} period={shown} onChanged={onChanged} />
      {empty ? (
        <FirstNumber chart={chart} />
      ) : (
        <>
          <Choices period={period} by={by} chart={chart} />
          <section class="panel" aria-label="Trend">
            <Plot view={view} onReady={(c) => (canvas.current = c)} />
            <p class="legend">
              <span class="now">{periods[shown].label}</span>
              <span class="then">{periods[shown].before}</span>
              <span class="exports">
                <button class="plain small" onClick={() => save(exportCSV(chart))}>
                  <Icon name="download" /> CSV
                </button>
                <button class="plain small" onClick={() => exportPNG(chart, periods[shown].label, canvas.current!)}>
                  <Icon name="image" /> PNG
                </button>
                <button class="plain small" onClick={() => window.print()}>
                  <Icon name="print" /> Print
                </button>
              </span>
            </p>
          </section>
        </>
      )}
      <Details chart={chart} />
    </div>
  )
}

function save(work: Promise<string>) {
  work.then(
    (text) => toast({ text }),
    (error) => toast({ text: explain(error), failed: true }),
  )
}

function ChartHead({ chart, period, onChanged }: { chart: ChartData; period: Period; onChanged: () => void }) {
  // What adds up is compared with its target over the days that cards show, not over any others.
  const comparable = period === 'LAST_7_DAYS' || !addsUp(chart)
  return (
    <header class="chart-head">
      <div>
        <a class="back" href="/">
          <Icon name="back" />
          All charts
        </a>
        <h1>{chart.name}</h1>
        {chart.description && <p class="hint">{chart.description}</p>}
      </div>
      <ChartActions chart={chart} onChanged={onChanged} />
      <div class="chart-value" hidden={chart.kpi.value === null && chart.version === 1}>
        <Figure value={chart.kpi.value} unit={chart.unit} />
        <Change kpi={chart.kpi} unit={chart.unit} against={periods[period].before} />
        <Freshness card={chart} />
        {comparable && <Target card={chart} />}
      </div>
    </header>
  )
}

function Choices({ period, by, chart }: { period: Period; by: Granularity | null; chart: ChartData }) {
  const go = (p: Period, g: string | null) => navigate(`/charts/${chart.key}?${new URLSearchParams({ period: p, ...(g && { by: g }) })}`, { replace: true })
  return (
    <div class="choices">
      <fieldset class="pills">
        <legend class="sr-only">Period</legend>
        {(Object.keys(periods) as Period[]).map((p) => (
          <label key={p}>
            <input type="radio" name="period" class="sr-only" checked={p === period} onChange={() => go(p, null)} />
            <span>{periods[p].label}</span>
          </label>
        ))}
      </fieldset>
      <label class="select">
        <span class="sr-only">Buckets</span>
        <select value={by ?? chart.trend.granularity} onChange={(e) => go(period, e.currentTarget.value)}>
          {periods[period].granularities.map((g) => (
            <option key={g} value={g}>
              {granularityNames[g]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function Details({ chart }: { chart: ChartData }) {
  return (
    <div class="details">
      <section class="panel" aria-labelledby="points">
        <h2 id="points">Points</h2>
        <Buckets chart={chart} />
      </section>
      <section class="panel" aria-labelledby="history">
        <h2 id="history">History</h2>
        <History chart={chart} />
      </section>
    </div>
  )
}

function usePrintInLight() {
  useEffect(() => {
    let chosen = theme.value
    const before = () => {
      chosen = theme.value
      theme.value = 'light'
    }
    const after = () => (theme.value = chosen)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    return () => {
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
    }
  }, [])
}
