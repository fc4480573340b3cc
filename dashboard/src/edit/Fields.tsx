import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

type Common = { label: string; hint?: string; fault?: string }

/** A labelled field whose fault stands right below it, and is tied to it for screen readers. */
function Labelled({ label, hint, fault, children }: Common & { children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ComponentChildren }) {
  const id = useId()
  const note = fault ?? hint
  return (
    <div class={fault ? 'field faulty' : 'field'}>
      <label for={id}>{label}</label>
      {children({ id, ...(note && { 'aria-describedby': id + '-note' }), ...(fault && { 'aria-invalid': true as const }) })}
      {note && (
        <p id={id + '-note'} class={fault ? 'fault' : 'hint'}>
          {note}
        </p>
      )}
    </div>
  )
}

type TextProps = Common & {
  value: string
  onInput: (value: string) => void
  type?: 'text' | 'datetime-local' | 'email'
  inputMode?: 'decimal' | 'text'
  placeholder?: string
  autoFocus?: boolean
  list?: string
}

export function TextField({ label, hint, fault, onInput, ...input }: TextProps) {
  return (
    <Labelled label={label} hint={hint} fault={fault}>
      {(ids) => <input {...ids} {...input} autocomplete="off" onInput={(e) => onInput(e.currentTarget.value)} />}
    </Labelled>
  )
}

export function LongTextField({ label, hint, fault, value, onInput }: TextProps) {
  return (
    <Labelled label={label} hint={hint} fault={fault}>
      {(ids) => <textarea {...ids} rows={2} value={value} onInput={(e) => onInput(e.currentTarget.value)} />}
    </Labelled>
  )
}

type ChoiceProps<T extends string> = Common & { value: T; choices: readonly (readonly [T, string])[]; onChange: (value: T) => void; disabled?: boolean }

export function ChoiceField<T extends string>({ label, hint, fault, value, choices, onChange, disabled }: ChoiceProps<T>) {
  return (
    <Labelled label={label} hint={hint} fault={fault}>
      {(ids) => (
        <select {...ids} disabled={disabled} value={value} onChange={(e) => onChange(e.currentTarget.value as T)}>
          {choices.map(([choice, name]) => (
            <option key={choice} value={choice}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}
