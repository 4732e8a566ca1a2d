import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errors } from 'oidc-provider'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, withPostgres } from '../../test/support/postgres.ts'
import type { House } from '../factors/index.ts'
import { loadPortals, type Portal } from '../portals/index.ts'
import { systemRandom } from '../random.ts'
import { addAccount, addSession, endSession, makeVault, openStorage } from '../storage/index.ts'
import { grantsOf, newGrantId } from './grants.ts'
import { loadSigningKeys } from './keys.ts'
import { endCode, recordsOf } from './records.ts'

const engines = [
  {
    name: 'SQLite',
    skip: false,
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sluis-records-'))
      return { address: join(folder, 'sluis.db'), drop: async () => rmSync(folder, { recursive: true, force: true }) }
    },
  },
  {
    name: 'PostgreSQL',
    skip: !withPostgres,
    open: async () => {
      const { url, drop } = await createDatabase()
      return { address: url, drop }
    },
  },
]

const { portals } = loadPortals([join(import.meta.dirname, '../../portals')], {
  address: 'http://localhost',
  applications: 'http://app.localhost',
})
const [one, other] = [...portals.values()] as [Portal, Portal]
let now = 1_000_000_000_000

describe.each(engines)('records of the protocol on $name', ({ skip, open }) => {
  if (skip) return test.skip('no PostgreSQL here', () => undefined)
  let database: Awaited<ReturnType<typeof open>>
  let nodes: House[]
  const records = (model: string, portal = one, node = 0) => recordsOf(nodes[node] as House, portal, errors, model)

  beforeAll(async () => {
    database = await open()
    const vault = makeVault(randomBytes(32), systemRandom)
    const node = async (): Promise<House> => ({
      storage: await openStorage(database.address),
      vault,
      clock: { now: () => now },
      random: systemRandom,
      portals,
      passwords: {} as never,
      log: pino({ level: 'silent' }),
      notify: () => undefined,
    })
    nodes = [await node(), await node()]
  })
  afterAll(async () => {
    for (const { storage } of nodes) await storage.close()
    await database.drop()
  })

  test('a record is found under its own id, kind and portal, on every node, and its id stands nowhere', async () => {
    await records('Interaction').upsert('secret-of-one', { jti: 'secret-of-one', returnTo: '/x' }, 60)
    expect(await records('Interaction', one, 1).find('secret-of-one')).toEqual({ jti: 'secret-of-one', returnTo: '/x' })
    expect(await records('Interaction', other).find('secret-of-one')).toBeUndefined()
    expect(await records('AccessToken').find('secret-of-one')).toBeUndefined()
    const rows = await nodes[0]?.storage.db.selectFrom('protocol_record').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('secret-of-one')
  })

  test('of twenty on two nodes that redeem one code at once, one wins and the others hear invalid_grant', async () => {
    await records('AuthorizationCode').upsert('code-1', { grantId: 'g1' }, 60)
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => records('AuthorizationCode', one, at % 2).consume('code-1')),
    )
    expect(tries.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
    for (const it of tries) if (it.status === 'rejected') expect(it.reason).toBeInstanceOf(errors.InvalidGrant)
    expect(await records('AuthorizationCode').find('code-1')).toMatchObject({ consumed: now / 1000 })
  })

  test('of twenty on two nodes that show one assertion at once, one is believed', async () => {
    const shown = Array.from({ length: 20 }, (_, at) => records('ReplayDetection', one, at % 2).upsert('jti-1', { iss: 'planning' }, 60))
    const tries = await Promise.allSettled(shown)
    expect(tries.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
    for (const it of tries) if (it.status === 'rejected') expect(it.reason).toBeInstanceOf(errors.InvalidClientAuth)
  })

  test('a grant is what the portal file says; a code that was shown in vain revokes it on every node, and at no other portal', async () => {
    const [application, client] =
      Object.entries(one.applications).flatMap(([name, it]) => (it.client ? [[name, it.client] as const] : []))[0] ?? []
    if (!application || !client) throw new Error('a portal without an application')
    const clients = new Map([[client.id, { application, title: 'x', of: client }]])
    const [house, node] = nodes as [House, House]
    const id = newGrantId(house, 'a1', client.id)
    expect(await grantsOf(node, one, clients).find(id)).toMatchObject({ accountId: 'a1', clientId: client.id, jti: id })
    expect(await grantsOf(node, one, new Map()).find(id)).toBeUndefined()
    await records('AuthorizationCode').upsert('code-5', { grantId: id }, 60)
    await endCode(house, one, 'code-5')
    expect(await grantsOf(node, one, clients).find(id)).toBeUndefined()
    expect(await grantsOf(node, other, clients).find(id)).toBeDefined()
    expect(await grantsOf(node, one, clients).find(newGrantId(house, 'a1', client.id))).toBeDefined()
  })

  test('a record ends by our clock; a used code is known as used for as long as its tokens may live', async () => {
    await records('AccessToken').upsert('token-3', {}, 600)
    await records('AuthorizationCode').upsert('code-3', {}, 60)
    now += 599_000
    expect(await records('AccessToken').find('token-3')).toBeDefined()
    expect(await records('AuthorizationCode').find('code-3')).toBeDefined()
    now += 62_000
    expect(await records('AccessToken').find('token-3')).toBeUndefined()
    expect(await records('AuthorizationCode').find('code-3')).toBeUndefined()
  })

  test('a token is found only while the session it was given in is alive, at the portal of that session', async () => {
    const { db, inTransaction } = (nodes[0] as House).storage
    const nothing = { email: null, phone: null, phone_proven_at: null, password_hash: null, password_changed_at: null, language: null }
    const rest = { given_name: null, family_name: null, group_name: null, disabled_at: null, second_step_since: null, last_method: null }
    const names = { id: 'a1', portal: one.id, name: 'anna', shown_name: 'anna' }
    await addAccount(db, { ...names, ...nothing, ...rest, authenticators_changed_at: null, announced_at: null, created_at: now })
    const times = { started_at: now, last_seen_at: now, ends_at: now + 86_400_000, ended_at: null }
    await inTransaction((tx) => addSession(tx, { id: 's1', portal: one.id, token_hash: 'h', account_id: 'a1', ...times }))
    for (const portal of [one, other]) await records('AccessToken', portal).upsert('token-4', { sessionUid: 's1' }, 600)
    expect(await records('AccessToken').find('token-4')).toBeDefined()
    expect(await records('AccessToken', other).find('token-4')).toBeUndefined()
    await endSession(db, 's1', now)
    expect(await records('AccessToken').find('token-4')).toBeUndefined()
  })

  test('two nodes that start at once make one set of keys', async () => {
    const sets = await Promise.all([0, 1, 0, 1].map((node) => loadSigningKeys(nodes[node] as House, one)))
    expect(sets[0]).toHaveLength(3)
    for (const set of sets) expect(set).toEqual(sets[0])
    const rows = await nodes[0]?.storage.db.selectFrom('signing_key').selectAll().execute()
    expect(rows?.every((it) => it.jwk.startsWith('v1.'))).toBe(true)
  })
})
