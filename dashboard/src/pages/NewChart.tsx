import { useSignal } from '@preact/signals'
import '../styles/form.css'
import { ApiError, explain, request } from '../api/client'
import { CreateChartDocument } from '../api/generated'
import { ChartForm } from '../edit/ChartForm'
import { check, createInput, emptyDraft, fieldOf, type Field } from '../edit/draft'
import { Preview } from '../edit/Preview'
import { navigate } from '../router'
import { takeIn } from '../state/board'

export default function NewChart() {
  const draft = useSignal(emptyDraft)
  const faults = useSignal<Partial<Record<Field, string>>>({})
  const general = useSignal('')
  const busy = useSignal(false)

  async function create() {
    faults.value = check(draft.value)
    general.value = ''
    if (Object.keys(faults.value).length > 0) return
    busy.value = true
    try {
      const { createChart } = await request(CreateChartDocument, { input: createInput(draft.value) })
      takeIn(createChart.chart)
      navigate(`/charts/${createChart.chart.key}`)
    } catch (error) {
      const field = error instanceof ApiError ? fieldOf(error.field) : undefined
      if (field) faults.value = { [field]: explain(error) }
      else general.value = explain(error)
    } finally {
      busy.value = false
    }
  }

  return (
    <>
      <div class="toolbar">
        <h1>New chart</h1>
        <a class="button" href="/templates">
          Start from a template
        </a>
      </div>
      {general.value && (
        <p class="alert" role="alert">
          {general}
        </p>
      )}
      <div class="editor">
        <ChartForm draft={draft} faults={faults.value} fresh busy={busy.value} onSubmit={create} />
        <Preview draft={draft.value} />
      </div>
    </>
  )
}
