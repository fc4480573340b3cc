// Apollo Client: HTTP for queries and mutations with automatic persisted queries, graphql-ws for subscriptions.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client/core/index.js';
import { SetContextLink } from '@apollo/client/link/context/index.js';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries/index.js';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions/index.js';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { authorization, retry, run, socketURL, url } from './scenario.mjs';

const http = ApolloLink.from([
  new SetContextLink(() => ({ headers: { authorization: authorization() } })),
  new PersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex') }),
  new HttpLink({ uri: url }),
]);
const ws = new GraphQLWsLink(
  createClient({ ...retry, url: socketURL, webSocketImpl: WebSocket, connectionParams: () => ({ Authorization: authorization() }) }),
);
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(({ operationType }) => operationType === 'subscription', ws, http),
});
await run({
  query: async (query) => (await client.query({ query: gql(query) })).data,
  mutate: async (mutation, variables) => (await client.mutate({ mutation: gql(mutation), variables })).data,
  mistake: async (query) => {
    try {
      await client.query({ query: gql(query) });
    } catch (error) {
      if (CombinedGraphQLErrors.is(error)) return error.errors;
      throw error;
    }
  },
  follow: (query, next) => {
    const following = client.subscribe({ query: gql(query) }).subscribe({ next: (r) => next(r.data), error: console.error });
    return () => following.unsubscribe();
  },
});
