import { useSignal } from '@preact/signals'
import { Icon } from './Icon'

/** A text to take along as it is. */
export function Snippet({ label, text }: { label: string; text: string }) {
  const copied = useSignal(false)
  async function copy() {
    await navigator.clipboard.writeText(text)
    copied.value = true
    setTimeout(() => (copied.value = false), 2_000)
  }
  return (
    <figure class="snippet">
      <figcaption>
        {label}
        <button class="plain small" onClick={copy}>
          <Icon name={copied.value ? 'good' : 'copy'} />
          {copied.value ? 'Copied' : 'Copy'}
        </button>
      </figcaption>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </figure>
  )
}
