import { explain, request } from '../api/client'
import { DeliveriesDocument, RedoDeliveryDocument, UndoDeliveryDocument, type DeliveryFragment } from '../api/generated'
import { ago, moment } from '../format/time'
import { now } from '../state/clock'
import { may, me } from '../state/me'
import { Icon } from '../ui/Icon'
import { toast } from '../ui/toast'
import { usePages } from '../ui/usePages'

/** Every call that brought numbers in, newest first; each can be taken back as one. */
export function Deliveries() {
  const { items, fault, more, reload } = usePages(async (after) => (await request(DeliveriesDocument, { after })).ingestions)
  return (
    <section class="panel admin" aria-labelledby="deliveries">
      <h2 id="deliveries">Deliveries</h2>
      <p class="hint">What n8n and others pushed, run by run. One that was wrong can be taken back whole; the history keeps it.</p>
      {fault && <p class="alert">{fault}</p>}
      {items?.length === 0 && <p class="hint">None yet.</p>}
      <ul class="rows">
        {items?.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} onChanged={reload} />
        ))}
      </ul>
      {more && (
        <button class="button" onClick={more}>
          Show more
        </button>
      )}
    </section>
  )
}

function DeliveryRow({ delivery, onChanged }: { delivery: DeliveryFragment; onChanged: () => void }) {
  const { id, source, actor, at, status, charts } = delivery
  const name = source ?? actor.label

  async function undo() {
    try {
      const { undoIngestion: u } = await request(UndoDeliveryDocument, { input: { id } })
      toast({ text: `Took ${name} back: ${told({ removed: u.removed, restored: u.restored, kept: u.kept })}`, action: { label: 'Bring it back', run: redo } })
      onChanged()
    } catch (error) {
      toast({ text: explain(error), failed: true })
    }
  }
  async function redo() {
    try {
      const { redoIngestion: r } = await request(RedoDeliveryDocument, { input: { id } })
      toast({ text: `${name} stands again: ${told({ recorded: r.recorded, corrected: r.corrected, kept: r.kept })}` })
      onChanged()
    } catch (error) {
      toast({ text: explain(error), failed: true })
    }
  }

  return (
    <li class={status === 'UNDONE' ? 'gone' : ''}>
      <span>
        <b>{name}</b> {charts.map((c) => c.name).join(', ')}
        <span class="origin">
          {told({ recorded: delivery.recorded, corrected: delivery.corrected, unchanged: delivery.unchanged, refused: delivery.rejected })} ·{' '}
          <time dateTime={at} title={moment(at, me.value?.tenant.timeZone ?? 'UTC')}>
            {ago(at, now.value)}
          </time>
        </span>
      </span>
      {may('EDIT') &&
        (status === 'UNDONE' ? (
          <button class="button" onClick={redo} aria-label={`Bring back ${name}`}>
            <Icon name="restore" />
            Bring back
          </button>
        ) : (
          <button class="button" onClick={undo} aria-label={`Take back ${name}`}>
            <Icon name="undo" />
            Take back
          </button>
        ))}
    </li>
  )
}

/** Counts in words, those of none left out: "3 recorded, 1 corrected". */
export function told(counts: Record<string, number>): string {
  const some = Object.entries(counts).filter(([, n]) => n > 0)
  return some.map(([what, n]) => `${n} ${what}`).join(', ') || 'nothing changed'
}
