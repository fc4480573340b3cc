import Fastify from 'fastify'
import mercurius from 'mercurius'
import { typeDefs, resolvers, announce } from './data.mjs'

const app = Fastify()
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, path: '/graphql' })
app.get('/healthz', async () => 'ok')
await app.listen({ port: 0, host: '127.0.0.1' })
announce(app.server.address().port)
