/*
 * A fresh PostgreSQL database for a suite.
 *
 *   describe.skipIf(!withPostgres)('on PostgreSQL', () => { const { url, drop } = await createDatabase() … })
 *
 * SLUIS_TEST_POSTGRES_URL names a server of your own (a superuser's address); ENGINES=sqlite leaves PostgreSQL out.
 */
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import pg from 'pg'
import { inject } from 'vitest'
import { postgresMissing } from './postgres-server.ts'

export interface FreshDatabase {
  readonly url: string
  /** Removes it, with whatever is still connected. */
  drop(): Promise<void>
}

/** Why suites leave PostgreSQL out of this run, or undefined. For `ctx.skip(reason)`. */
export const noPostgres: string | undefined = reasonWithout()
export const withPostgres = noPostgres === undefined

/** Makes an empty database with a name of its own; the first call of a run starts the server (about 2 seconds). */
export async function createDatabase(): Promise<FreshDatabase> {
  const server = await serverUrl()
  const name = `t_${randomBytes(6).toString('hex')}`
  await asSuperuser(server, `create database ${name} template template0`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => asSuperuser(server, `drop database if exists ${name} with (force)`) }
}

function reasonWithout(): string | undefined {
  const engines = process.env.ENGINES
  if (engines && !/postgres|pg/.test(engines)) return `ENGINES=${engines}`
  return process.env.SLUIS_TEST_POSTGRES_URL ? undefined : postgresMissing()
}

async function serverUrl(): Promise<string> {
  if (noPostgres) throw new Error(`a suite asked for PostgreSQL without it: ${noPostgres}`)
  return process.env.SLUIS_TEST_POSTGRES_URL ?? (await askBroker(inject('postgresBroker')))
}

function askBroker(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: '/' }, async (reply) => {
      const said = (await reply.toArray()).join('')
      if (reply.statusCode === 200) resolve(said)
      else reject(new Error(said))
    })
    asking.once('error', reject).end()
  })
}

async function asSuperuser(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
