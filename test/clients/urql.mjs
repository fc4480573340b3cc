// urql: fetch for queries and mutations, graphql-ws for subscriptions.
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { authorization, retry, run, socketURL, url } from './scenario.mjs';

const ws = createClient({ ...retry, url: socketURL, webSocketImpl: WebSocket, connectionParams: () => ({ Authorization: authorization() }) });
const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: () => ({ headers: { authorization: authorization() } }),
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({ unsubscribe: ws.subscribe({ ...request, query: request.query || '' }, sink) }),
      }),
    }),
  ],
});
const data = (result) => {
  if (result.error) throw result.error;
  return result.data;
};
await run({
  query: async (query) => data(await client.query(query, {}).toPromise()),
  mutate: async (mutation, variables) => data(await client.mutation(mutation, variables).toPromise()),
  mistake: async (query) => (await client.query(query, {}).toPromise()).error.graphQLErrors,
  follow: (query, next) => {
    const following = client.subscription(query, {}).subscribe((result) => next(data(result)));
    return () => following.unsubscribe();
  },
});
