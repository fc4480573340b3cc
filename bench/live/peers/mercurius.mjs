// Mercurius with its own emitter, which sends what is published to every subscriber.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { typeDefs, update } from './shared.mjs';

const app = fastify();
app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  subscription: { wsDefaultSubprotocol: 'graphql-transport-ws' },
  resolvers: {
    Query: { version: () => '1' },
    Subscription: {
      kpiUpdated: {
        async subscribe(_, __, { pubsub }) {
          const updates = await pubsub.subscribe('updates');
          updates.push({ kpiUpdated: update() });
          return updates;
        },
      },
    },
  },
});
app.post('/trigger', async () => {
  app.graphql.pubsub.publish({ topic: 'updates', payload: { kpiUpdated: update() } });
  return '';
});
app.get('/healthz', async () => '');
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`serving http://127.0.0.1:${app.server.address().port}`);
