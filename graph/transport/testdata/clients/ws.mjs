// graphql-ws: a query, a mutation, a subscription to its end, one that is stopped, an error, a bad token, and a client
// that comes back after the server restarted. With "restart" as the second argument the Go test drains the server when
// it reads "ready".
import assert from 'node:assert/strict';
import { createClient, CloseCode } from 'graphql-ws';
import WebSocket from 'ws';

const [url, mode] = process.argv.slice(2);
const options = { url, webSocketImpl: WebSocket, lazy: false, retryAttempts: 5, retryWait: () => new Promise((r) => setTimeout(r, 50)) };

const all = async (client, query, variables) => {
  const results = [];
  for await (const r of client.iterate({ query, variables })) results.push(r);
  return results;
};

if (mode === 'restart') {
  let connections = 0;
  const client = createClient({ ...options, connectionParams: { token: 'alice' }, on: { connected: () => connections++ } });
  const values = client.iterate({ query: 'subscription { forever }' });
  assert.equal((await values.next()).value.data.forever, 1);
  console.log('ready');
  assert.equal((await values.next()).value.data.forever, 1); // from the subscription after the restart
  assert.equal(connections, 2);
  await values.return();
  await client.dispose();
  process.exit(0);
}

const client = createClient({ ...options, connectionParams: { token: 'alice' } });
assert.deepEqual(await all(client, 'query($t: String) { echo(text: $t) }', { t: 'é' }), [{ data: { echo: 'é' } }]);
assert.deepEqual(await all(client, 'mutation { record }'), [{ data: { record: 1 } }]);
assert.deepEqual((await all(client, 'subscription { count(to: 3) }')).map((r) => r.data.count), [1, 2, 3]);
await assert.rejects(all(client, '{ nothing }'), (errors) => Array.isArray(errors) && errors[0].extensions.code.length > 0);
const failed = await all(client, '{ fail(code: "NOT_FOUND") }');
assert.equal(failed[0].data, null);
assert.equal(failed[0].errors[0].extensions.code, 'NOT_FOUND');
const stopped = client.iterate({ query: 'subscription { forever }' });
assert.equal((await stopped.next()).value.data.forever, 1);
await stopped.return();
const shared = client.iterate({ query: 'subscription { shared }' });
assert.equal((await shared.next()).value.data.shared, 1);
await shared.return();
await client.dispose();

const refused = createClient({ ...options, lazy: true, retryAttempts: 0, connectionParams: { token: 'bad' } });
await assert.rejects(all(refused, '{ version }'), (event) => event.code === CloseCode.Forbidden && event.reason === 'the token is not valid');
console.log('done');
process.exit(0);
