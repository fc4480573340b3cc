import { createClient } from 'graphql-ws'
import { freshToken } from '../session/session'
import { keepDigits, parseAnswer } from './decimal'
import { readEvents } from './events'
import { KpiUpdatedDocument, type KpiUpdatedSubscription } from './generated'
import { send } from './post'

/** Both ways of one subscription: a websocket, or server-sent events where websockets do not get through. */

export type Update = KpiUpdatedSubscription['kpiUpdated']
export type Way = 'websocket' | 'events'

export type Feed = {
  /** Runs until the feed ends, by itself or by stop; throws if it ends by a fault. */
  run(onOpen: () => void, onUpdate: (u: Update) => void): Promise<void>
  stop(): void
}

const PING = 12_000
const PONG_WITHIN = 5_000

export function openFeed(way: Way, after: string | null): Feed {
  return way === 'websocket' ? overWebSocket(after) : overEvents(after)
}

function payload(after: string | null) {
  return { query: KpiUpdatedDocument.toString(), variables: { after } }
}

function overWebSocket(after: string | null): Feed {
  let dead: ReturnType<typeof setTimeout>
  let opened: () => void
  const client = createClient({
    url: location.origin.replace(/^http/, 'ws') + '/graphql',
    retryAttempts: 0,
    keepAlive: PING,
    jsonMessageReviver: keepDigits,
    connectionParams: async () => {
      const token = await freshToken()
      return token ? { Authorization: `Bearer ${token}` } : {}
    },
    on: {
      connected: () => opened(),
      ping: (received) => {
        if (!received) dead = setTimeout(() => client.terminate(), PONG_WITHIN)
      },
      pong: (received) => {
        if (received) clearTimeout(dead)
      },
    },
  })
  return {
    async run(onOpen, onUpdate) {
      opened = onOpen
      for await (const { data, errors } of client.iterate<KpiUpdatedSubscription>(payload(after))) {
        if (errors) throw errors[0]
        if (data) onUpdate(data.kpiUpdated)
      }
    },
    stop: () => {
      clearTimeout(dead)
      client.terminate()
    },
  }
}

function overEvents(after: string | null): Feed {
  const abort = new AbortController()
  return {
    async run(onOpen, onUpdate) {
      const response = await send(JSON.stringify(payload(after)), await freshToken(), 'text/event-stream', abort.signal)
      if (!response.ok || !response.body) throw new Error(`The server answered ${response.status}.`)
      onOpen()
      for await (const { name, data } of readEvents(response.body)) {
        if (name === 'complete') return
        const answer = parseAnswer(data) as { data?: KpiUpdatedSubscription; errors?: unknown[] }
        if (answer.errors) throw answer.errors[0]
        if (answer.data) onUpdate(answer.data.kpiUpdated)
      }
    },
    stop: () => abort.abort(),
  }
}
