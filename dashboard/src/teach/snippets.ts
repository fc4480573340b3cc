/** What n8n and a terminal send to push a number: the same mutation. */

const mutation = 'mutation Push($input: RecordDataPointsInput!) { recordDataPoints(input: $input) { recorded corrected unchanged rejected { code message } } }'

/** A command that works as it is, pasted into a terminal. */
export function curl(origin: string, token: string, key: string, value: number): string {
  const body = JSON.stringify({ query: mutation, variables: { input: { chart: { key }, points: [{ value }] } } })
  return [`curl ${origin}/graphql \\`, `  -H 'Authorization: Bearer ${token}' \\`, `  -H 'Content-Type: application/json' \\`, `  -d '${body}'`].join('\n')
}

/** The body of n8n's HTTP Request node (JSON, by expression); the run's number goes along, so that the history names it. */
export function n8n(key: string, value: string): string {
  return `={{ JSON.stringify({
  query: '${mutation}',
  variables: { input: {
    chart: { key: '${key}' },
    points: [{ value: ${value} }],
    source: 'n8n run ' + $execution.id,
    idempotencyKey: $execution.id + '-' + $itemIndex
  } }
}) }}`
}
