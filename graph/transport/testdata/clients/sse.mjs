// graphql-sse in distinct connections mode: a query, a mutation, a subscription to its end, one that is stopped, and an
// error.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

const client = createClient({ url: process.argv[2], retryAttempts: 0 });
const all = async (query, variables) => {
  const results = [];
  for await (const r of client.iterate({ query, variables })) results.push(r);
  return results;
};
assert.deepEqual(await all('query($t: String) { echo(text: $t) }', { t: 'é' }), [{ data: { echo: 'é' } }]);
assert.deepEqual(await all('mutation { record }'), [{ data: { record: 1 } }]);
assert.deepEqual((await all('subscription { count(to: 3) }')).map((r) => r.data.count), [1, 2, 3]);
const invalid = await all('{ nothing }');
assert.equal(invalid.length, 1);
assert.ok(invalid[0].errors[0].message && !('data' in invalid[0]));
for (const query of ['subscription { forever }', 'subscription { shared }']) {
  const stopped = client.iterate({ query });
  assert.equal(Object.values((await stopped.next()).value.data)[0], 1);
  await stopped.return();
}
client.dispose();
console.log('done');
