import { useSignal } from '@preact/signals'
import { explain, request } from '../api/client'
import { RemovePointsDocument } from '../api/generated'
import { bucketName, moment } from '../format/time'
import { formatValue, valueInSentence } from '../format/value'
import { may } from '../state/me'
import { toast } from '../ui/toast'
import { useLoad } from '../ui/useLoad'
import { Icon } from '../ui/Icon'
import { loadPoints, type Bucket, type ChartData, type Point } from './data'

const SHOWN = 200
const NEWEST = 14 // buckets, before all are asked for: the history stands below on a phone

/** The buckets as a table, newest first; each opens to its points. */
export function Buckets({ chart }: { chart: ChartData }) {
  const open = useSignal<string | null>(null)
  const all = useSignal(false)
  const buckets = chart.trend.buckets.toReversed()
  const shown = all.value ? buckets : buckets.slice(0, NEWEST)
  return (
    <>
      <table class="buckets">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col" class="number">
              Points
            </th>
          </tr>
        </thead>
        {shown.map((bucket) => (
          <tbody key={bucket.start}>
            <BucketRow chart={chart} bucket={bucket} open={open.value === bucket.start} onToggle={() => (open.value = open.value === bucket.start ? null : bucket.start)} />
            {open.value === bucket.start && <PointRows chart={chart} bucket={bucket} />}
          </tbody>
        ))}
      </table>
      {shown.length < buckets.length && (
        <button class="button more" onClick={() => (all.value = true)}>
          Show all {buckets.length}
        </button>
      )}
    </>
  )
}

function BucketRow({ chart, bucket, open, onToggle }: { chart: ChartData; bucket: Bucket; open: boolean; onToggle: () => void }) {
  const name = bucketName(bucket.start, chart.trend.granularity, chart.trend.timeZone)
  return (
    <tr>
      <th scope="row">
        {bucket.count > 0 ? (
          <button class="disclose" aria-expanded={open} onClick={onToggle}>
            <Icon name="chevron" />
            {name}
          </button>
        ) : (
          <span class="disclose">{name}</span>
        )}
        {!bucket.complete && <span class="tag">so far</span>}
      </th>
      <td class="number">{formatValue(bucket.value, chart.unit)}</td>
      <td class="number">{bucket.count}</td>
    </tr>
  )
}

function PointRows({ chart, bucket }: { chart: ChartData; bucket: Bucket }) {
  const { data, error } = useLoad(() => loadPoints(chart.key, { from: bucket.start, to: bucket.end }, SHOWN), [bucket.start, chart.version])
  if (!data) {
    return (
      <tr class="point">
        <td colSpan={3}>{error ? explain(error) : 'Loading…'}</td>
      </tr>
    )
  }
  return (
    <>
      {data.points.toReversed().map((point) => (
        <tr key={point.key} class="point">
          <td>
            {moment(point.at, chart.trend.timeZone)}
            <span class="origin">
              {point.source && `from ${point.source}`}
              {Date.parse(point.key) !== Date.parse(point.at) && ` · ${point.key}`}
            </span>
          </td>
          <td class="number">{formatValue(point.value, chart.unit)}</td>
          <td class="number">{may('EDIT') && chart.status === 'ACTIVE' && <RemovePoint chart={chart} point={point} />}</td>
        </tr>
      ))}
      {data.more && (
        <tr class="point">
          <td colSpan={3}>These are the oldest {SHOWN}. Choose shorter buckets to see the others.</td>
        </tr>
      )}
    </>
  )
}

function RemovePoint({ chart, point }: { chart: ChartData; point: Point }) {
  const value = valueInSentence(point.value, chart.unit)
  async function remove() {
    const byInstant = Date.parse(point.key) === Date.parse(point.at)
    try {
      await request(RemovePointsDocument, {
        input: { chart: { id: chart.id }, ...(byInstant ? { instants: [point.at] } : { keys: [point.key] }) },
      })
      toast({ text: `Took ${value} back. The history keeps it.` })
    } catch (error) {
      toast({ text: explain(error), failed: true })
    }
  }
  return (
    <button class="plain small" onClick={remove} aria-label={`Take back ${value} of ${moment(point.at, chart.trend.timeZone)}`}>
      Take back
    </button>
  )
}
