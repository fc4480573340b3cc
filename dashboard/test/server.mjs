import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const binary = process.env.MYKPI
if (!binary) throw new Error('MYKPI must name the binary; `go test ./dashboard` does')

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

/** A server with a data folder of its own, and tables of its own where MYKPI_STORE says dynamodb, which can be killed and started again on the same port. */
export class Server {
  static async start(...flags) {
    const server = new Server()
    server.flags = flags
    server.tokens = {}
    server.data = await mkdtemp(join(tmpdir(), 'mykpi-dashboard-'))
    server.origin = `http://127.0.0.1:${await freePort()}`
    server.env = { ...process.env }
    if (process.env.MYKPI_STORE === 'dynamodb') {
      server.env.MYKPI_TABLE_PREFIX = `${randomUUID()}-`
      await run(binary, ['tables', 'create'], { env: server.env })
    }
    await server.up()
    return server
  }

  async up() {
    this.process = spawn(binary, ['serve', '--listen', new URL(this.origin).host, '--data', this.data, '--log-level', 'warn', ...this.flags], { env: this.env, stdio: ['ignore', 'inherit', 'inherit'] })
    this.exited = once(this.process, 'exit')
    let gone = false
    this.exited.then(() => (gone = true))
    while (!gone) {
      const ready = await fetch(this.origin + '/readyz').then((r) => r.ok, () => false)
      if (ready) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the server ended before it was ready')
  }

  async kill() {
    this.process.kill('SIGKILL')
    await this.exited
  }

  async close() {
    await this.kill()
    await rm(this.data, { recursive: true, force: true })
  }

  /** A token, made once for all who ask for one of the kind: each takes a start of the binary. */
  token(tenant, role = 'ADMIN', ttl = '1h') {
    const flags = ['--tenant', tenant, '--role', role, '--subject', role.toLowerCase(), '--ttl', ttl]
    return (this.tokens[flags] ??= run(binary, ['token', '--data', this.data, ...flags], { env: this.env }).then(({ stdout }) => stdout.trim()))
  }

  async link(tenant, role) {
    return `${this.origin}/#token=${await this.token(tenant, role)}`
  }

  /** Carries out an operation as an administrator of a tenant. */
  async graphql(tenant, query, variables) {
    const response = await fetch(this.origin + '/graphql', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await this.token(tenant)}` },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = await response.json()
    if (errors) throw new Error(errors[0].message)
    return data
  }

  create(tenant, input) {
    return this.graphql(tenant, 'mutation($input: CreateChartInput!) { createChart(input: $input) { chart { id key version } } }', { input })
  }

  push(tenant, key, points, source) {
    return this.graphql(tenant, 'mutation($input: RecordDataPointsInput!) { recordDataPoints(input: $input) { recorded corrected } }', {
      input: { chart: { key }, points, source },
    })
  }
}
