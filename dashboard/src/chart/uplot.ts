import uPlot from 'uplot'
import { approximate } from '../api/decimal'
import { bucketName } from '../format/time'
import { formatValue } from '../format/value'
import { addsUp, type View } from './data'

/** uPlot, told how this page draws. Buckets stand evenly, whatever the clocks did in them; x is their number. */

type OnRead = (index: number | null, left: number) => void

/** x, the period before, the complete buckets, the bucket that still grows. */
export function plotData({ chart, ghost }: View): uPlot.AlignedData {
  const { buckets } = chart.trend
  const bars = chart.visualization === 'BAR'
  const firstOpen = buckets.findIndex((b) => !b.complete)
  const values = buckets.map((b) => approximate(b.value))
  return [
    buckets.map((_, i) => i),
    buckets.map((_, i) => approximate(ghost[i] ?? null)),
    buckets.map((b, i) => (b.complete ? values[i] : null)),
    // A line to the open bucket begins at the last complete one.
    buckets.map((b, i) => (!b.complete || (!bars && i === firstOpen - 1) ? values[i] : null)),
  ]
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function alpha(name: string, share: number): string {
  return color(name) + Math.round(share * 255).toString(16).padStart(2, '0')
}

export function makePlot(host: HTMLElement, view: View, onRead: OnRead): uPlot {
  const { chart } = view
  const { buckets, granularity, timeZone } = chart.trend
  const bars = chart.visualization === 'BAR'
  const fill = bars ? 0.9 : chart.visualization === 'AREA' ? 0.2 : 0.07
  const paths = bars ? uPlot.paths.bars!({ size: [0.66, 72], radius: 0.18 }) : uPlot.paths.spline!()
  const points = { show: false }
  const font = '12px Inter, system-ui, sans-serif'
  const fromZero = addsUp(chart) || bars
  const target = addsUp(chart) ? null : approximate(chart.target) // which is of the whole period, and no line for one bucket of it

  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [12, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: {
        x: { time: false, range: () => (bars ? [-0.6, buckets.length - 0.4] : [-0.15, buckets.length - 0.85]) },
        y: {
          range: (_, min, max) => {
            const low = Math.min(min ?? 0, target ?? Infinity)
            const high = Math.max(max ?? 1, target ?? -Infinity)
            const room = (high - low || Math.abs(high) || 1) * 0.08
            return [fromZero && low >= 0 ? 0 : low - room, high + room]
          },
        },
      },
      axes: [
        {
          stroke: () => color('--muted'),
          font,
          size: 32,
          grid: { show: false },
          ticks: { show: false },
          splits: (u) => everyFew(buckets.length, Math.max(2, Math.floor(u.width / 96))),
          values: (_, splits) => splits.map((i) => axisName(buckets[i]?.start, granularity, timeZone)),
        },
        {
          stroke: () => color('--muted'),
          font,
          size: 68,
          grid: { stroke: () => color('--line'), width: 1 },
          ticks: { show: false },
          values: (_, splits) => splits.map((v) => formatValue(v, { ...chart.unit, suffix: null, decimals: chart.unit.decimals && splits.some((s) => s % 1) ? chart.unit.decimals : 0 }, { short: true })),
        },
      ],
      series: [
        {},
        { stroke: () => color('--muted'), width: 1.75, dash: [2, 4], paths: uPlot.paths.spline!(), points, spanGaps: true },
        { stroke: () => color('--accent'), width: bars ? 0 : 2.5, fill: () => alpha('--accent', fill), paths, points: buckets.length < 3 && !bars ? { show: true, size: 8 } : points, spanGaps: true },
        { stroke: () => color('--accent'), width: bars ? 0 : 2.5, dash: bars ? [] : [3, 5], fill: () => alpha('--accent', bars ? 0.4 : 0.05), paths, points, spanGaps: true },
      ],
      hooks: {
        draw: [(u) => drawTarget(u, target, chart.unit)],
        setCursor: [(u) => onRead(u.cursor.idx ?? null, (u.valToPos(u.cursor.idx ?? 0, 'x') + u.bbox.left / devicePixelRatio) / u.width)],
        ready: [(u) => readByFinger(u)],
      },
    },
    plotData(view),
    host,
  )
  return plot
}

function drawTarget(u: uPlot, target: number | null, unit: View['chart']['unit']): void {
  if (target === null) return
  const { ctx, bbox } = u
  const y = Math.round(u.valToPos(target, 'y', true))
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = color('--good')
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.font = `600 ${11 * devicePixelRatio}px Inter, system-ui, sans-serif`
  ctx.textAlign = 'right'
  ctx.fillText(`Target ${formatValue(target, unit, { short: true })}`, bbox.left + bbox.width - 4 * devicePixelRatio, y - 6 * devicePixelRatio)
  ctx.restore()
}

/** uPlot follows the mouse alone; a finger reads too, and still scrolls the page up and down. */
function readByFinger(u: uPlot): void {
  const follow = (event: TouchEvent) => {
    const box = u.over.getBoundingClientRect()
    u.setCursor({ left: event.touches[0]!.clientX - box.left, top: 0 })
  }
  u.over.addEventListener('touchstart', follow, { passive: true })
  u.over.addEventListener('touchmove', follow, { passive: true })
}

function everyFew(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  const splits = []
  for (let i = (count - 1) % step; i < count; i += step) splits.push(i)
  return splits
}

function axisName(start: string | undefined, granularity: View['chart']['trend']['granularity'], timeZone: string): string {
  if (start === undefined) return ''
  const options: Intl.DateTimeFormatOptions =
    granularity === 'HOUR' ? { hour: 'numeric', minute: '2-digit' } : granularity === 'MONTH' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' }
  return granularity === 'WEEK' ? bucketName(start, granularity, timeZone).replace('Week of ', '') : new Intl.DateTimeFormat(undefined, { ...options, timeZone }).format(new Date(start))
}
