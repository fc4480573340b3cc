// graphql-ws on ws. Every subscriber has an iterator of its own, and is sent what is published.
import { makeExecutableSchema } from '@graphql-tools/schema';
import { createServer } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { typeDefs, update } from './shared.mjs';

const subscribers = new Set();
const publish = (value) => { for (const push of subscribers) push(value); };

function follow() {
  const queue = [{ kpiUpdated: update() }];
  let wake = null;
  const push = (value) => { queue.push(value); wake?.(); };
  subscribers.add(push);
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      while (queue.length === 0) await new Promise((resolve) => (wake = resolve));
      return { value: queue.shift(), done: false };
    },
    async return() { subscribers.delete(push); return { value: undefined, done: true }; },
  };
}

const schema = makeExecutableSchema({ typeDefs, resolvers: { Subscription: { kpiUpdated: { subscribe: follow } } } });
const http = createServer((request, response) => {
  if (request.url === '/trigger') publish({ kpiUpdated: update() });
  response.end();
});
useServer({ schema }, new WebSocketServer({ server: http, path: '/graphql', perMessageDeflate: false }), 0); // no pings: a busy load would be cut
http.listen(0, '127.0.0.1', () => console.log(`serving http://127.0.0.1:${http.address().port}`));
