import type { Signal } from '@preact/signals'
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
  const d = draft.value
  const field = <F extends Field>(name: F) => ({
    label: fieldNames[name],
    fault: faults[name],
    value: d[name],
    onInput: (value: string) => (draft.value = { ...d, [name]: value }),
    onChange: (value: Draft[F]) => (draft.value = { ...d, [name]: value }),
  })
  return (
    <form
      class="form panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <TextField {...field('name')} placeholder="Revenue" autoFocus={fresh} />
      <LongTextField {...field('description')} hint="Where the figure comes from, what counts." />
      {fresh && <TextField {...field('key')} hint="What n8n flows call it. Made from the name if left empty; fixed for ever." placeholder="revenue" />}
      <div class="pair">
        <ChoiceField {...field('visualization')} choices={visualizations} />
        <ChoiceField {...field('aggregation')} choices={aggregations} disabled={!fresh} hint={fresh ? 'Can’t be changed later.' : 'Fixed when the chart was made.'} />
      </div>
      <div class="pair">
        <ChoiceField {...field('kind')} choices={kinds} />
        {d.kind === 'CURRENCY' && <TextField {...field('currency')} />}
        {d.kind !== 'BYTES' && (
          <ChoiceField {...field('decimals')} choices={['0', '1', '2', '3', '4', '5', '6'].map((n) => [n, n] as const)} />
        )}
        {d.kind === 'NUMBER' && <TextField {...field('suffix')} placeholder="orders" />}
      </div>
      <div class="pair">
        <TextField {...field('target')} inputMode="decimal" hint="Empty for none." />
        <ChoiceField {...field('direction')} choices={directions} />
      </div>
      <ChoiceField {...field('staleAfter')} choices={staleChoices(d.staleAfter)} hint="The card says so when data stop coming." />
      <div class="actions">
        <button class="button primary" disabled={busy}>
          <Icon name="good" />
          {fresh ? 'Create chart' : 'Save'}
        </button>
      </div>
    </form>
  )
}
