import type { Card } from '../state/board'
import { session } from '../session/token'
import { may } from '../state/me'
import { Snippet } from '../ui/Snippet'
import { curl, n8n } from './snippets'
import { hintFor } from './templates'

/** How the first number comes to a chart: by a command that works as it is, by n8n, or by hand. */
export function FirstNumber({ chart }: { chart: Pick<Card, 'key' | 'name'> }) {
  if (!may('RECORD')) {
    return (
      <section class="panel teach">
        <h2>Waiting for the first number</h2>
        <p class="hint">It appears here by itself as soon as somebody pushes it.</p>
      </section>
    )
  }
  const hint = hintFor(chart.key)
  return (
    <section class="panel teach" aria-labelledby="first">
      <h2 id="first">
        <span class="waiting-dot" aria-hidden="true" />
        Waiting for the first number of {chart.name}
      </h2>
      <p>Paste this into a terminal. It works as it is, and this page comes alive by itself.</p>
      <Snippet label="In a terminal" text={curl(location.origin, session.value?.token ?? '', chart.key, 42)} />
      <p class="hint">It holds your own sign-in token: keep it to yourself.</p>
      <details>
        <summary>From n8n</summary>
        <ol class="steps">
          <li>{hint ? `Begin with ${hint.trigger}.` : 'Begin with whatever has the number: a Stripe, Shopify, Google Sheets or Schedule Trigger.'}</li>
          <li>
            Add an <b>HTTP Request</b> node: method POST, URL <code>{location.origin}/graphql</code>, Authentication → Header Auth with <code>Authorization</code> and{' '}
            <code>Bearer …</code>.
          </li>
          <li>Send a JSON body, as an expression:</li>
        </ol>
        <Snippet label="Body of the HTTP Request node" text={n8n(chart.key, hint?.value ?? '$json.value')} />
        <p class="hint">A retry counts nothing twice: the run’s number is its idempotency key, and the history names it.</p>
      </details>
    </section>
  )
}
