import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { typeDefs, resolvers, announce } from './data.mjs'

const server = new ApolloServer({ typeDefs, resolvers, introspection: false })
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
announce(new URL(url).port)
