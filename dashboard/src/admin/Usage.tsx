import { request } from '../api/client'
import { UsageDocument } from '../api/generated'
import { useLoad } from '../ui/useLoad'

const format = new Intl.NumberFormat()

/** What the business uses of what it may. */
export function Usage() {
  const { data } = useLoad(() => request(UsageDocument, {}), [])
  if (!data) return null
  const { charts, chartLimit, pointsToday, pointsPerDayLimit, sockets, socketLimit } = data.tenant.usage
  return (
    <section class="panel admin" aria-labelledby="usage">
      <h2 id="usage">Usage</h2>
      <Meter label="Charts" used={charts} limit={chartLimit} />
      <Meter label="Points today" used={pointsToday} limit={pointsPerDayLimit} />
      <Meter label="Open dashboards" used={sockets} limit={socketLimit} />
    </section>
  )
}

function Meter({ label, used, limit }: { label: string; used: number; limit: number }) {
  return (
    <label class="meter">
      <span>
        {label}
        <span>
          {format.format(used)} of {format.format(limit)}
        </span>
      </span>
      <meter min={0} max={limit} high={limit * 0.9} value={used} />
    </label>
  )
}
