// graphql-sse in distinct connections mode, for everything.
import { createClient } from 'graphql-sse';
import { authorization, retry, run, url } from './scenario.mjs';

const client = createClient({
  url, retryAttempts: retry.retryAttempts, retry: retry.retryWait, headers: () => ({ authorization: authorization() }),
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
});
