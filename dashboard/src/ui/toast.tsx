import { signal } from '@preact/signals'
import { Icon } from './Icon'

/** One short message at a time at the foot of the page, with one thing to do about it. */
type Toast = { text: string; failed?: boolean; action?: { label: string; run: () => void } }

const current = signal<Toast | null>(null)
let timer: ReturnType<typeof setTimeout>

export function toast(next: Toast): void {
  clearTimeout(timer)
  current.value = next
  timer = setTimeout(() => (current.value = null), next.action ? 12_000 : 6_000)
}

export function Toasts() {
  const shown = current.value
  const close = () => (current.value = null)
  return (
    <div class="toasts" role="status">
      {shown && (
        <div class={shown.failed ? 'toast failed' : 'toast'}>
          <span>{shown.text}</span>
          {shown.action && (
            <button
              class="plain"
              onClick={() => {
                close()
                shown.action!.run()
              }}
            >
              {shown.action.label}
            </button>
          )}
          <button class="plain icon-only" aria-label="Dismiss" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  )
}
