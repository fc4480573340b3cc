import { useEffect, useRef } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type uPlot from 'uplot'
import { bucketName } from '../format/time'
import { formatValue } from '../format/value'
import { periods } from './periods'
import { makePlot, plotData } from './uplot'
import type { View } from './data'
import { theme } from '../state/theme'

/** The trend, large: read a bucket by mouse, by finger, or by the arrow keys. */
export function Plot({ view, onReady }: { view: View; onReady: (canvas: HTMLCanvasElement) => void }) {
  const root = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const at = useSignal<{ index: number; left: number } | null>(null)
  const { chart, period } = view
  const { buckets, granularity, timeZone } = chart.trend
  const shape = [chart.visualization, chart.unit.kind, chart.unit.currency, chart.unit.suffix, chart.target, granularity, buckets.length, period].join()

  useEffect(() => {
    const host = root.current!
    const made = makePlot(host, view, (index, left) => (at.value = index === null ? null : { index, left }))
    plot.current = made
    onReady(made.ctx.canvas)
    const observer = new ResizeObserver(() => made.setSize({ width: host.clientWidth, height: host.clientHeight }))
    observer.observe(host)
    const repaint = () => made.redraw(false)
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', repaint)
    const stop = theme.subscribe(repaint)
    return () => {
      stop()
      system.removeEventListener('change', repaint)
      observer.disconnect()
      made.destroy()
    }
  }, [shape])
  useEffect(() => plot.current?.setData(plotData(view)), [view])

  const index = Math.min(at.value?.index ?? buckets.length - 1, buckets.length - 1)
  const bucket = buckets[index]!
  const before = view.ghost[index]
  const name = bucketName(bucket.start, granularity, timeZone)
  const reading = `${name}: ${formatValue(bucket.value, chart.unit)}${bucket.complete ? '' : ' so far'}`

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const made = plot.current!
    const next = Math.max(0, Math.min(buckets.length - 1, index + step))
    made.setCursor({ left: made.valToPos(next, 'x'), top: 0 })
  }

  return (
    <div
      class="plot"
      role="slider"
      tabIndex={0}
      aria-label={`${chart.name}, ${periods[period].label}, bucket by bucket`}
      aria-valuemin={0}
      aria-valuemax={buckets.length - 1}
      aria-valuenow={index}
      aria-valuetext={reading}
      onKeyDown={onKeyDown}
    >
      <div class="plot-canvas" ref={root} />
      {at.value && (
        <div class={at.value.left > 0.6 ? 'reading left' : 'reading'} style={{ left: `${at.value.left * 100}%` }}>
          <b>{formatValue(bucket.value, chart.unit)}</b>
          <span>
            {name}
            {!bucket.complete && ', so far'}
          </span>
          {before !== undefined && before !== null && (
            <span class="before">
              {formatValue(before, chart.unit)} in {periods[period].before}
            </span>
          )}
        </div>
      )}
    </div>
  )
}
