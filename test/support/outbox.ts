/*
 * A house with an outbox, a real database and the catcher, for the delivery suites.
 *
 *   const outbox = await openOutbox('sqlite'); const asked = await outbox.ask({ portal: 'c-point' }); await outbox.start()
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach } from 'vitest'
import { type Behaviour, type Catcher, goodBehaviour, startCatcher } from '../../demo/catcher/index.ts'
import { systemClock } from '../../src/clock.ts'
import { type Delivery, type DeliveryConfig, enqueue, type MessageStory, startDelivery, timelineOf } from '../../src/delivery/index.ts'
import { loadPortals } from '../../src/portals/index.ts'
import { systemRandom as random } from '../../src/random.ts'
import { addAccount, addAttempt, addCode, digitsOf, makeVault, openStorage, type Storage } from '../../src/storage/index.ts'
import { createDatabase } from './postgres.ts'

export const masterKey = Buffer.alloc(32, 7)
const portalFolder = join(import.meta.dirname, '..', '..', 'portals')
/** The usual times, a hundred times as fast; the other server may be silent for less than a second. */
export const quick = {
  pace: { retrySeconds: [0.1, 0.2, 0.3], lookSeconds: 0.1, leaseSeconds: 2 },
  patience: {
    smtp: { connection: 1000, greeting: 900, silence: 1500, whole: 4000 },
    smpp: { bind: 400, answer: 400, enquire: 200, enquireAnswer: 200, line: 1000, reconnect: [100] },
  },
} as const satisfies Partial<DeliveryConfig>

export interface Asking {
  readonly portal?: string
  readonly template?: string
  readonly channel?: 'email' | 'sms'
  readonly address?: string
  readonly name?: string
  readonly language?: string
  readonly lifeSeconds?: number
}

export interface Asked {
  readonly attempt: string
  readonly message: string
  readonly code: string
  readonly digits: string
  readonly reference: string
  story(): Promise<MessageStory>
}

export type Outbox = Awaited<ReturnType<typeof openOutbox>>

const leftOpen = new Set<() => Promise<unknown>>()
afterEach(async () => {
  for (const close of [...leftOpen].toReversed()) await close()
  leftOpen.clear()
})

/** Everything that is opened here closes by itself after the test. */
export async function openOutbox(engine: 'sqlite' | 'postgres' = 'sqlite', address = 'http://localhost:8080', folder = portalFolder) {
  const catcher = await startCatcher({ clock: () => Date.now(), ports: { smtp: 0, smpp: 0, inbox: 0 } })
  leftOpen.add(() => catcher.close())
  const database = await freshDatabase(engine)
  const logged: string[] = []
  const log = pino({ base: null }, { write: (line: string) => void logged.push(line) })
  const { portals, problems } = loadPortals([folder], { address, applications: 'http://localhost:8090' })
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const storage = await openStorage(database)
  leftOpen.add(() => storage.close())
  const house = { storage, vault: makeVault(masterKey, random), clock: systemClock, random, portals, log }
  const config = {
    smtp: { host: '127.0.0.1', port: catcher.ports.smtp, secure: 'none' },
    smpp: { host: '127.0.0.1', port: catcher.ports.smpp, secure: 'none', systemId: 'sluis', password: 'x' },
  } as const
  const start = (changes: Partial<DeliveryConfig> = {}, from: Partial<typeof house> = {}): Delivery => {
    const delivery = startDelivery({ ...house, ...from }, { ...config, ...quick, ...changes })
    leftOpen.add(() => delivery.close())
    return delivery
  }
  /** A second process would open the same file: here a second storage on it. */
  const startAnother = async (): Promise<Delivery> => {
    const other = await openStorage(database)
    leftOpen.add(() => other.close())
    return start({}, { storage: other })
  }
  const behave = (change: Partial<Behaviour>): Promise<void> => catcher.change({ ...goodBehaviour, ...change })
  return { house, catcher, database, config, logged, start, startAnother, behave, ask: (asking: Asking = {}) => ask(house, asking) }
}

async function ask(house: { storage: Storage; vault: ReturnType<typeof makeVault> }, asking: Asking): Promise<Asked> {
  const { portal = 'c-point', channel = 'email', name = `u${random.below(1e9)}`, language = 'nl', lifeSeconds = 600 } = asking
  const { template = channel === 'email' ? 'M01' : 'S01', address = channel === 'email' ? 'anna@haven.test' : '+31612345678' } = asking
  const now = Date.now()
  const [account, attempt, code] = [random.id(), random.id(), random.id()]
  const ends_at = now + lifeSeconds * 1000
  return house.storage.inTransaction(async (tx) => {
    await addAccount(tx, { ...nobody, id: account, portal, name, shown_name: name, email: address, created_at: now })
    await addAttempt(tx, { ...noAttempt, id: attempt, portal, token_hash: random.token(), account_id: account, created_at: now, ends_at })
    const row = { id: code, portal, account_id: account, attempt_id: attempt, channel, address, created_at: now, ends_at }
    const reference = await addCode(tx, { ...row, purpose: 'sign-in', used_at: null, ended_at: null }, random)
    const outgoing = { portal, template, channel, accountId: account, codeId: code, address, language, facts: {}, endsAt: ends_at }
    const message = await enqueue(tx, outgoing, random, now)
    const story = async () => (await timelineOf(house.storage.db, attempt))[0] as MessageStory
    return { attempt, message, code, digits: digitsOf(house.vault, code), reference, story }
  })
}

async function freshDatabase(engine: 'sqlite' | 'postgres'): Promise<string> {
  if (engine === 'postgres') {
    const { url, drop } = await createDatabase()
    leftOpen.add(drop)
    return url
  }
  const folder = await mkdtemp(join(tmpdir(), 'sluis-outbox-'))
  leftOpen.add(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'sluis.db')
}

export const mailsIn = (catcher: Catcher) => catcher.inbox.all().filter((it) => it.kind === 'mail')
export const textsIn = (catcher: Catcher) => catcher.inbox.all().filter((it) => it.kind === 'sms')
export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const nobody = {
  phone: null,
  phone_proven_at: null,
  password_hash: null,
  password_changed_at: null,
  language: null,
  given_name: null,
  family_name: null,
  group_name: null,
  disabled_at: null,
  second_step_since: null,
  authenticators_changed_at: null,
  last_method: null,
  announced_at: null,
}
const noAttempt = {
  application: null,
  interaction: null,
  request: '{}',
  typed_name: null,
  phone: null,
  language: 'nl',
  help_number: 'X',
  session_id: null,
  finished_at: null,
}
