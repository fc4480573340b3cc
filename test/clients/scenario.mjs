// What every client must be able to do with a running MyKPI: read, record, follow, be told of a mistake, come back after a
// restart, and go on with a new token when the first one ends. The Go test restarts the server when it reads "restart".
import assert from 'node:assert/strict';

export const url = process.env.MYKPI_URL;
export const socketURL = url.replace('http', 'ws');

// The first token ends after some seconds; whoever asks again gets one that lasts.
const [first, second] = process.env.MYKPI_TOKENS.split(' ');
const firstEnds = JSON.parse(Buffer.from(first.split('.')[1], 'base64url')).exp * 1000;
export const token = () => (Date.now() < firstEnds - 1000 ? first : second);
export const authorization = () => `Bearer ${token()}`;
export const lasting = () => second;

export const documents = {
  query: 'query Who { viewer { tenant { id } } }',
  mutation: 'mutation Record($value: Decimal!) { recordDataPoints(input: { chart: { key: "sales" }, points: [{ value: $value }] }) { recorded } }',
  mistake: 'query Mistake { charts(first: 501) { totalCount } }',
  subscription: 'subscription Follow($after: Cursor) { kpiUpdated(after: $after) { cause cursor chart { id key version } } }',
};

// inbox keeps what a subscription sends until it is asked for.
export class Inbox {
  #updates = [];
  #waiting = null;

  push(update) {
    this.#updates.push(update);
    this.#waiting?.();
  }

  // until takes updates to the first of a cause.
  async until(...causes) {
    for (;;) {
      while (this.#updates.length > 0) {
        const update = this.#updates.shift();
        if (causes.includes(update.cause)) return update;
      }
      await new Promise((resolve) => (this.#waiting = resolve));
    }
  }
}

// run plays the scenario. query and mutate answer data; mistake answers the errors; follow gives each update to a function
// and answers how to stop.
export async function run({ query, mutate, mistake, follow, staysWithPing }) {
  assert.equal((await query(documents.query)).viewer.tenant.id, 'acme');
  assert.equal((await mutate(documents.mutation, { value: 1 })).recordDataPoints.recorded, 1);
  const [error] = await mistake(documents.mistake);
  assert.equal(error.extensions.code, 'BAD_USER_INPUT');
  assert.equal(error.extensions.field, 'first');

  const inbox = new Inbox();
  assert.ok(token() === first, 'this machine was too busy: the first token ended before the subscription began');
  const stop = await follow(documents.subscription, (data) => inbox.push(data.kpiUpdated));
  const snapshot = await inbox.until('SNAPSHOT');
  assert.equal(snapshot.chart.key, 'sales');
  await mutate(documents.mutation, { value: 2 });
  const recorded = await inbox.until('POINTS_RECORDED');
  assert.equal(recorded.chart.version, snapshot.chart.version + 1);

  // The first token ends: the server closes with 4403, and the client comes back with the next one; or it stays, having
  // sent that in time.
  const rest = firstEnds + 500 - Date.now();
  if (staysWithPing) await staysWithPing(second);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
  if (!staysWithPing) await inbox.until('SNAPSHOT', 'RESYNC');
  await mutate(documents.mutation, { value: 3 });
  const renewed = await inbox.until('POINTS_RECORDED');
  assert.equal(renewed.chart.version, recorded.chart.version + 1);

  console.log('restart');
  const after = await inbox.until('SNAPSHOT', 'RESYNC');
  assert.equal(after.chart.version, renewed.chart.version);
  await mutate(documents.mutation, { value: 4 });
  assert.equal((await inbox.until('POINTS_RECORDED')).chart.version, renewed.chart.version + 1);
  await stop();
  console.log('done');
  process.exit(0);
}

// post is a plain request, for clients without HTTP of their own.
export async function post(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: authorization() },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

export const retry = { retryAttempts: 100, retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)), shouldRetry: () => true };
