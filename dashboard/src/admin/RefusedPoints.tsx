import { explain, request } from '../api/client'
import { RefusedDocument, ReplayDocument, type RefusedQuery } from '../api/generated'
import { ago } from '../format/time'
import { now } from '../state/clock'
import { may } from '../state/me'
import { toast } from '../ui/toast'
import { usePages } from '../ui/usePages'
import { told } from './Deliveries'

type Refused = RefusedQuery['rejectedPoints']['nodes'][number]

/** Points that could not be taken, why, and another try once the cause is mended. */
export function RefusedPoints() {
  const { items, fault, more, reload } = usePages(async (after) => (await request(RefusedDocument, { after })).rejectedPoints)

  async function replay(points: readonly Refused[]) {
    try {
      const { replayRejectedPoints: answer } = await request(ReplayDocument, { input: { ids: points.map((p) => p.id) } })
      const { recorded, corrected, unchanged, rejected } = answer
      toast({ text: `Sent again: ${told({ recorded, corrected, unchanged, 'refused again': rejected.length })}`, failed: rejected.length > 0 })
    } catch (error) {
      toast({ text: explain(error), failed: true })
    }
    reload()
  }

  return (
    <section class="panel admin" aria-labelledby="refused">
      <h2 id="refused">Refused points</h2>
      <p class="hint">Kept for 30 days. Mend the cause, then send them again: nothing is counted twice.</p>
      {fault && <p class="alert">{fault}</p>}
      {items?.length === 0 && <p class="hint">None: everything that came was taken.</p>}
      <ul class="rows">
        {items?.map((point) => (
          <li key={point.id}>
            <span>
              <b>{point.message}</b>
              <span class="origin">
                <code>{JSON.stringify(point.raw)}</code> for {point.chartKey ?? 'no chart'}
                {point.source && ` · ${point.source}`} · {ago(point.receivedAt, now.value)}
              </span>
            </span>
            {may('EDIT') && (
              <button class="button" onClick={() => replay([point])}>
                Send again
              </button>
            )}
          </li>
        ))}
      </ul>
      <div class="actions">
        {may('EDIT') && items && items.length > 1 && (
          <button class="button" onClick={() => replay(items)}>
            Send these {items.length} again
          </button>
        )}
        {more && (
          <button class="button" onClick={more}>
            Show more
          </button>
        )}
      </div>
    </section>
  )
}
