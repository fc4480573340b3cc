// GraphiQL for this server alone: queries and subscriptions go to ../graphql of the same origin, with the headers of
// the header editor. A browser can't set headers on a websocket, so they go in the payload of connection_init.
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { createRoot } from 'react-dom/client'
import 'graphiql/graphiql.css'

const http = new URL('graphql', window.location.href)
const websocket = new URL(http)
websocket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:'

// One socket for each set of headers, so that another token is another session.
const clients = new Map()

function clientFor(headers) {
  const name = JSON.stringify(headers)
  if (!clients.has(name)) {
    clients.set(name, createClient({ url: websocket.href, connectionParams: headers, lazy: true }))
  }
  return clients.get(name)
}

function fetcher(params, options) {
  const headers = options?.headers ?? {}
  return createGraphiQLFetcher({ url: http.href, wsClient: clientFor(headers) })(params, options)
}

const welcome = `# Set your token under Headers, below: {"Authorization": "Bearer …"}

query Dashboard {
  charts(first: 20) {
    nodes {
      key
      name
      kpi(period: LAST_7_DAYS) { value previousValue changePercent sentiment status }
      trend(period: LAST_7_DAYS, granularity: DAY) { buckets { start value } }
    }
  }
}

subscription Live {
  kpiUpdated { cause occurredAt chart { key kpi(period: TODAY) { value change } } }
}
`

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={welcome}
    defaultHeaders={'{"Authorization": "Bearer "}'}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
  />,
)
