import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { SettingsFragment } from '../api/generated'
import { draftOf, type Draft, type Field } from './draft'
import type { Conflict } from './save'
import { fieldNames, shown } from './words'

type Props = { base: SettingsFragment; mine: Draft; conflict: Conflict; onResolved: (draft: Draft) => void; onCancel: () => void }

/** Two people changed the same chart: what the other one did, and which of the two to keep where they differ. */
export function ConflictPanel({ base, mine, conflict, onResolved, onCancel }: Props) {
  const was = draftOf(base)
  const theirs = draftOf(conflict.theirs)
  const disputed = conflict.fields.filter((f) => mine[f] !== was[f] && mine[f] !== theirs[f])
  const merged = conflict.fields.filter((f) => !disputed.includes(f))
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current!.focus(), []) // whoever pressed Save may be far below
  const keepMine = useSignal<ReadonlySet<Field>>(new Set())

  function choose(field: Field, own: boolean) {
    const next = new Set(keepMine.value)
    if (own) next.add(field)
    else next.delete(field)
    keepMine.value = next
  }

  function resolve() {
    const draft: Draft = { ...mine }
    for (const field of conflict.fields) if (!keepMine.value.has(field)) Object.assign(draft, { [field]: theirs[field] })
    onResolved(draft)
  }

  return (
    <section ref={panel} tabIndex={-1} class="panel conflict" role="alertdialog" aria-labelledby="conflict">
      <h2 id="conflict">Somebody changed this chart while you were editing</h2>
      <p>Nothing of yours was saved yet, and nothing of theirs is lost.</p>
      {merged.map((f) => (
        <p key={f} class="hint">
          {fieldNames[f]}: theirs is taken over, {shown(f, was)} → <b>{shown(f, theirs)}</b>
        </p>
      ))}
      {disputed.map((f) => (
        <fieldset key={f} class="dispute">
          <legend>{fieldNames[f]}</legend>
          <label>
            <input type="radio" name={f} checked={!keepMine.value.has(f)} onChange={() => choose(f, false)} />
            Theirs: <b>{shown(f, theirs)}</b>
          </label>
          <label>
            <input type="radio" name={f} checked={keepMine.value.has(f)} onChange={() => choose(f, true)} />
            Mine: <b>{shown(f, mine)}</b>
          </label>
        </fieldset>
      ))}
      <div class="actions">
        <button class="button primary" onClick={resolve}>
          Save this
        </button>
        <button class="button" onClick={onCancel}>
          Go on editing
        </button>
      </div>
    </section>
  )
}
