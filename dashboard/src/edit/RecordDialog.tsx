import { useEffect, useRef } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { ApiError, explain, request } from '../api/client'
import { RecordValueDocument } from '../api/generated'
import type { ChartData } from '../chart/data'
import { valueInSentence } from '../format/value'
import { fromLocalInput } from '../format/zone'
import { takeIn } from '../state/board'
import { toast } from '../ui/toast'
import { parseDecimal } from './draft'
import { TextField } from './Fields'

/** Records one value by hand. */
export function RecordDialog({ chart, onClose }: { chart: ChartData; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const value = useSignal('')
  const at = useSignal('')
  const faults = useSignal<{ value?: string; at?: string; general?: string }>({})
  const busy = useSignal(false)
  const zone = chart.trend.timeZone

  useEffect(() => dialog.current!.showModal(), [])

  async function record() {
    const decimal = parseDecimal(value.value)
    faults.value = decimal === null ? { value: 'Write a number, such as 42 or 19.90.' } : {}
    if (decimal === null) return
    busy.value = true
    try {
      const answer = await request(RecordValueDocument, {
        input: { chart: { id: chart.id }, points: [{ value: decimal, at: fromLocalInput(at.value, zone) }], source: 'dashboard', onInvalid: 'FAIL' },
      })
      takeIn(answer.recordDataPoints.chart)
      const { corrected, unchanged } = answer.recordDataPoints
      const text = corrected ? 'Corrected the value of that instant to' : unchanged ? 'There was already' : 'Recorded'
      toast({ text: `${text} ${valueInSentence(decimal, chart.unit)}` })
      onClose()
    } catch (error) {
      const path = error instanceof ApiError ? error.field : undefined
      faults.value = path?.endsWith('value') ? { value: explain(error) } : path?.endsWith('at') ? { at: explain(error) } : { general: explain(error) }
    } finally {
      busy.value = false
    }
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="record" onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          record()
        }}
      >
        <h2 id="record">Record a value of {chart.name}</h2>
        {faults.value.general && <p class="alert">{faults.value.general}</p>}
        <TextField label="Value" inputMode="decimal" value={value.value} onInput={(v) => (value.value = v)} fault={faults.value.value} autoFocus />
        <TextField label="When" type="datetime-local" value={at.value} onInput={(v) => (at.value = v)} fault={faults.value.at} hint={`Empty for now; clocks of ${zone}.`} />
        <div class="actions">
          <button class="button primary" disabled={busy.value}>
            Record
          </button>
          <button type="button" class="button" onClick={() => dialog.current!.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  )
}
