import { useId } from 'preact/hooks'
import { approximate } from '../api/decimal'
import type { BucketsFragment, Visualization } from '../api/generated'

type Bucket = { start: string; value: number | null; complete: boolean }

const WIDTH = 300
const HEIGHT = 72
const PAD = 6

/** The trend of a card: its shape alone; the chart view tells the values. */
export function Sparkline({ buckets, as, fromZero }: { buckets: BucketsFragment['buckets']; as: Visualization; fromZero: boolean }) {
  const shown: Bucket[] = buckets.map((b) => ({ ...b, value: approximate(b.value) }))
  const some = shown.map((b) => b.value).filter((v) => v !== null)
  if (some.length === 0) return <div class="sparkline" />
  const low = fromZero || as === 'BAR' ? Math.min(0, ...some) : Math.min(...some)
  const high = Math.max(...some)
  const span = high - low || 1
  const y = (v: number) => (high === low ? HEIGHT / 2 : HEIGHT - PAD - ((v - low) / span) * (HEIGHT - 2 * PAD))
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {as === 'BAR' ? <Bars buckets={shown} y={y} /> : <Line buckets={shown} y={y} />}
    </svg>
  )
}

type Parts = { buckets: readonly Bucket[]; y: (v: number) => number }

function Bars({ buckets, y }: Parts) {
  const step = WIDTH / buckets.length
  const base = HEIGHT
  return (
    <>
      {buckets.map((b, i) =>
        b.value === null ? null : (
          <rect
            key={b.start}
            class={b.complete ? 'bar' : 'bar open'}
            x={i * step + step * 0.14}
            width={step * 0.72}
            y={Math.min(y(b.value), base - 2)}
            height={Math.max(2, base - y(b.value))}
            rx={3}
          />
        ),
      )}
    </>
  )
}

function Line({ buckets, y }: Parts) {
  const fill = useId()
  const step = WIDTH / Math.max(1, buckets.length - 1)
  const points = buckets.flatMap((b, i) => (b.value === null ? [] : [{ x: i * step, y: y(b.value), open: !b.complete }]))
  const last = points[points.length - 1]!
  const first = points[0]!
  const open = last.open && points.length > 1
  const done = open ? points.slice(0, -1) : points
  const closed = done.length === 1 ? smooth(done) + 'h.01' : smooth(done) // of a length, so that its round end is seen
  return (
    <>
      <defs>
        <linearGradient id={fill} x1="0" y1="0" x2="0" y2="1">
          <stop class="fill-top" offset="0" />
          <stop class="fill-bottom" offset="1" />
        </linearGradient>
      </defs>
      <path fill={`url(#${fill})`} d={`${smooth(points)}L${last.x},${HEIGHT}L${first.x},${HEIGHT}Z`} />
      <path class="line" d={closed} />
      {open && <path class="line open" d={tail(points)} />}
    </>
  )
}

type Point = { x: number; y: number }

/** A curve through the points that never overshoots them: level at its ends and half way between two. */
function smooth(points: readonly Point[]): string {
  return points
    .map((p, i) => {
      const before = points[i - 1]
      if (!before) return `M${p.x},${p.y.toFixed(1)}`
      return curve(before, p)
    })
    .join('')
}

function curve(a: Point, b: Point): string {
  const middle = ((a.x + b.x) / 2).toFixed(1)
  return `C${middle},${a.y.toFixed(1)} ${middle},${b.y.toFixed(1)} ${b.x.toFixed(1)},${b.y.toFixed(1)}`
}

/** The last stretch, to the bucket that still grows. */
function tail(points: readonly Point[]): string {
  const [a, b] = points.slice(-2) as [Point, Point]
  return `M${a.x.toFixed(1)},${a.y.toFixed(1)}${curve(a, b)}`
}
