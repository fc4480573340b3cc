// graphql-ws for everything; its client sends a new token in a ping message, and stays.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { authorization, lasting, retry, run, socketURL } from './scenario.mjs';

let socket;
const client = createClient({
  ...retry, url: socketURL, webSocketImpl: WebSocket, lazy: false,
  connectionParams: () => ({ Authorization: authorization() }),
  on: { opened: (s) => (socket = s) },
});
const one = async (query, variables) => {
  for await (const result of client.iterate({ query, variables })) return result;
};
const data = async (query, variables) => {
  const result = await one(query, variables);
  if (result.errors) throw new Error(JSON.stringify(result.errors));
  return result.data;
};
await run({
  query: data,
  mutate: data,
  mistake: async (query) => (await one(query)).errors,
  follow: (query, next) => client.subscribe({ query }, { next: (r) => next(r.data), error: console.error, complete() {} }),
  staysWithPing: () =>
    new Promise((resolve) => {
      socket.on('message', (text) => JSON.parse(text).type === 'pong' && resolve());
      socket.send(JSON.stringify({ type: 'ping', payload: { Authorization: `Bearer ${lasting()}` } }));
    }),
});
