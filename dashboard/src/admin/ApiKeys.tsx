import { useSignal } from '@preact/signals'
import { ApiError, explain, request } from '../api/client'
import { ApiKeysDocument, CreateApiKeyDocument, RevokeApiKeyDocument, type KeyFragment, type Permission } from '../api/generated'
import { ChoiceField, TextField } from '../edit/Fields'
import { ago } from '../format/time'
import { board } from '../state/board'
import { now } from '../state/clock'
import { curl, n8n } from '../teach/snippets'
import { Snippet } from '../ui/Snippet'
import { toast } from '../ui/toast'
import { useLoad } from '../ui/useLoad'

type Use = 'push' | 'read' | 'manage'

const permissions: Record<Use, Permission[]> = { push: ['RECORD'], read: ['READ'], manage: ['READ', 'RECORD', 'EDIT'] }
const uses: readonly (readonly [Use, string])[] = [['push', 'Push numbers'], ['read', 'Read figures'], ['manage', 'Read, push and change charts']]

/** The keys of machines, such as n8n. */
export function ApiKeys() {
  const { data, error, reload } = useLoad(() => request(ApiKeysDocument, {}), [])
  const secret = useSignal('')
  return (
    <section class="panel admin" aria-labelledby="keys">
      <h2 id="keys">API keys</h2>
      <p class="hint">One for each flow or machine, so that each can be taken away alone.</p>
      {error !== null && <p class="alert">{explain(error)}</p>}
      <ul class="rows">
        {data?.apiKeys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoked={reload} />
        ))}
      </ul>
      {secret.value ? (
        <Secret secret={secret.value} onDone={() => (secret.value = '')} />
      ) : (
        <NewKey
          onMade={(made) => {
            secret.value = made
            reload()
          }}
        />
      )}
    </section>
  )
}

function KeyRow({ apiKey, onRevoked }: { apiKey: KeyFragment; onRevoked: () => void }) {
  const { lastUsedAt, revokedAt } = apiKey
  async function revoke() {
    try {
      await request(RevokeApiKeyDocument, { input: { id: apiKey.id } })
      toast({ text: `Revoked ${apiKey.name}` })
      onRevoked()
    } catch (error) {
      toast({ text: explain(error), failed: true })
    }
  }
  return (
    <li class={revokedAt ? 'gone' : ''}>
      <span>
        <b>{apiKey.name}</b> <code>{apiKey.prefix}…</code>
        <span class="origin">
          {apiKey.permissions.join(', ').toLowerCase()} · {revokedAt ? `revoked ${ago(revokedAt, now.value)}` : lastUsedAt ? `used ${ago(lastUsedAt, now.value)}` : 'never used'}
        </span>
      </span>
      {!revokedAt && (
        <button class="button danger" onClick={revoke} aria-label={`Revoke ${apiKey.name}`}>
          Revoke
        </button>
      )}
    </li>
  )
}

function NewKey({ onMade }: { onMade: (secret: string) => void }) {
  const name = useSignal('')
  const use = useSignal<Use>('push')
  const fault = useSignal('')
  async function create() {
    try {
      const { createApiKey } = await request(CreateApiKeyDocument, { input: { name: name.value.trim(), permissions: permissions[use.value] } })
      onMade(createApiKey.secret)
    } catch (error) {
      fault.value = error instanceof ApiError && error.field?.endsWith('name') ? `Name: ${explain(error)}` : explain(error)
    }
  }
  return (
    <form
      class="form inline"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        create()
      }}
    >
      <TextField label="Name of the key" placeholder="n8n" value={name.value} fault={fault.value || undefined} onInput={(v) => (name.value = v)} />
      <ChoiceField label="It may" value={use.value} choices={uses} onChange={(v) => (use.value = v)} />
      <button class="button primary">Make a key</button>
    </form>
  )
}

/** The secret, this once, and what to do with it. */
function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const key = board.value[0]?.key ?? 'my-chart'
  return (
    <div class="teach" role="group" aria-label="The new key">
      <p>
        <b>Copy the key now: it is shown this once.</b>
      </p>
      <Snippet label="API key" text={secret} />
      <Snippet label="In a terminal" text={curl(location.origin, secret, key, 42)} />
      <Snippet label="Body of n8n’s HTTP Request node; its Header Auth is Authorization: Bearer and the key" text={n8n(key, '$json.value')} />
      <div class="actions">
        <button class="button" onClick={onDone}>
          I have it
        </button>
      </div>
    </div>
  )
}
