import { useSignal } from '@preact/signals'
import '../styles/form.css'
import { ApiError, explain, request } from '../api/client'
import { SettingsOfDocument } from '../api/generated'
import { ChartForm } from '../edit/ChartForm'
import { ConflictPanel } from '../edit/ConflictPanel'
import { check, draftOf, fieldOf, type Draft, type Field } from '../edit/draft'
import { Preview } from '../edit/Preview'
import { isConflict, saveChanges, type Conflict } from '../edit/save'
import { navigate } from '../router'
import { takeIn, type Card } from '../state/board'
import { Icon } from '../ui/Icon'
import { toast } from '../ui/toast'
import { useLoad } from '../ui/useLoad'

export default function EditChart({ chartKey }: { chartKey: string }) {
  const { data, error } = useLoad(() => request(SettingsOfDocument, { key: chartKey }), [chartKey])
  if (error) return <p class="alert">{explain(error)}</p>
  if (!data) return <p class="hint">Loading…</p>
  if (!data.chart) return <p class="alert">There is no such chart.</p>
  return <Editor key={data.chart.id} card={data.chart} />
}

function Editor({ card }: { card: Card }) {
  const base = useSignal(card)
  const draft = useSignal(draftOf(card))
  const faults = useSignal<Partial<Record<Field, string>>>({})
  const general = useSignal('')
  const conflict = useSignal<Conflict | null>(null)
  const busy = useSignal(false)

  async function save(wanted: Draft) {
    faults.value = check(wanted)
    general.value = ''
    if (Object.keys(faults.value).length > 0) return
    busy.value = true
    try {
      const answer = await saveChanges(base.value, wanted)
      if (isConflict(answer)) {
        conflict.value = answer
        return
      }
      takeIn(answer)
      toast({ text: 'Saved' })
      navigate(`/charts/${answer.key}`)
    } catch (error) {
      const field = error instanceof ApiError ? fieldOf(error.field) : undefined
      if (field) faults.value = { [field]: explain(error) }
      else general.value = explain(error)
    } finally {
      busy.value = false
    }
  }

  function resolved(wanted: Draft) {
    base.value = { ...base.value, ...conflict.value!.theirs }
    conflict.value = null
    draft.value = wanted
    save(wanted)
  }

  return (
    <>
      <div class="toolbar">
        <div>
          <a class="back" href={`/charts/${card.key}`}>
            <Icon name="back" />
            {card.name}
          </a>
          <h1>Edit chart</h1>
        </div>
      </div>
      {general.value && (
        <p class="alert" role="alert">
          {general}
        </p>
      )}
      {conflict.value && <ConflictPanel base={base.value} mine={draft.value} conflict={conflict.value} onResolved={resolved} onCancel={() => (conflict.value = null)} />}
      <div class="editor">
        <ChartForm draft={draft} faults={faults.value} fresh={false} busy={busy.value} onSubmit={() => save(draft.value)} />
        <Preview draft={draft.value} card={card} />
      </div>
    </>
  )
}
