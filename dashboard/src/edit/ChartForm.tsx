import type { Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../ui/Icon'
import { ChoiceField, LongTextField, TextField } from './Fields'
import type { Draft, Field } from './draft'
import { aggregations, directions, fieldNames, kinds, staleChoices, visualizations } from './words'

type Props = {
  draft: Signal<Draft>
  faults: Partial<Record<Field, string>>
  /** A new chart may choose what an old one can't change. */
  fresh: boolean
  busy: boolean
  onSubmit: () => void
}

export function ChartForm({ draft, faults, fresh, busy, onSubmit }: Props) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current!.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [faults])
  const d = draft.value
  const set = (name: Field) => (value: string) => (draft.value = { ...draft.value, [name]: value })
  const field = <F extends Field>(name: F) => ({ label: fieldNames[name], fault: faults[name], value: d[name] })
  const text = (name: Field) => ({ ...field(name), onInput: set(name) })
  const choice = <F extends Field>(name: F) => ({ ...field(name), onChange: set(name) })
  return (
    <form
      ref={form}
      class="form panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <TextField {...text('name')} placeholder="Revenue" autoFocus={fresh} />
      <LongTextField {...text('description')} hint="Where the figure comes from, what counts." />
      {fresh && <TextField {...text('key')} hint="What n8n flows call it. Made from the name if left empty; fixed for ever." placeholder="revenue" />}
      <div class="pair">
        <ChoiceField {...choice('visualization')} choices={visualizations} />
        <ChoiceField {...choice('aggregation')} choices={aggregations} disabled={!fresh} hint={fresh ? 'Can’t be changed later.' : 'Fixed when the chart was made.'} />
      </div>
      <div class="pair">
        <ChoiceField {...choice('kind')} choices={kinds} />
        {d.kind === 'CURRENCY' && <TextField {...text('currency')} />}
        {d.kind !== 'BYTES' && (
          <ChoiceField {...choice('decimals')} choices={['0', '1', '2', '3', '4', '5', '6'].map((n) => [n, n] as const)} />
        )}
        {d.kind === 'NUMBER' && <TextField {...text('suffix')} placeholder="orders" />}
      </div>
      <div class="pair">
        <TextField {...text('target')} inputMode="decimal" hint="Empty for none." />
        <ChoiceField {...choice('direction')} choices={directions} />
      </div>
      <ChoiceField {...choice('staleAfter')} choices={staleChoices(d.staleAfter)} hint="The card says so when data stop coming." />
      <div class="actions">
        <button class="button primary" disabled={busy}>
          <Icon name="good" />
          {fresh ? 'Create chart' : 'Save'}
        </button>
      </div>
    </form>
  )
}
