import * as audit from '../audit/index.ts'
import { type House, seedPlace } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  addAccounts,
  addAuthenticators,
  authenticatorsOf,
  changeAccount,
  dropPendingEnrolment,
  endWhatStands,
  holdAccount,
  type NewRow,
  notePasswordWork,
  type Tx,
} from '../storage/index.ts'
import type { Change, Plan } from './import-plan.ts'
import { newAccountRow } from './person.ts'
import type { Progress } from './progress.ts'
import { Refused } from './report.ts'

/** Everything that is written, made before the transaction begins: nothing is hashed or sealed inside it. */
interface Ready {
  readonly accounts: readonly NewRow<'account'>[]
  readonly apps: readonly NewRow<'authenticator'>[]
  readonly changes: readonly ReadyChange[]
}

interface ReadyChange {
  readonly account: AccountRow
  readonly set: Partial<NewRow<'account'>>
  readonly app?: NewRow<'authenticator'>
}

/** Fits the parameters of one statement on both engines. */
const rowsAtOnce = 200
/** Well below the length of the queue, so that an import never fills it. */
const hashesAtOnce = 32

/** Hashes first, then writes all in one transaction: a file is imported or it is not. */
export async function write(house: House, portal: Portal, plan: Plan, progress: Progress): Promise<{ added: number; changed: number }> {
  const ready = await prepare(house, portal, plan, progress)
  const now = house.clock.now()
  await house.storage.inTransaction(async (tx) => {
    progress.begin('Writing', ready.accounts.length + ready.changes.length)
    const told = (accountId: string): audit.Context => ({ random: house.random, portal: portal.id, at: now, accountId })
    for (const rows of slices(ready.accounts)) {
      // Somebody may have added one of them since we looked: then the line would have been refused, so nothing is kept.
      if ((await addAccounts(tx, rows)) !== rows.length) throw meanwhile()
      await audit.accountsAdded(
        tx,
        rows.map((it) => told(it.id)),
      )
      progress.step(rows.length)
    }
    for (const rows of slices(ready.apps)) {
      await addAuthenticators(tx, rows)
      await audit.authenticatorsBound(
        tx,
        rows.map((it) => ({ ...told(it.account_id), method: it.method })),
      )
    }
    for (const work of worksOf(house, ready)) await notePasswordWork(tx, portal.id, work)
    for (const change of ready.changes) {
      await applyChange(tx, change, now, told(change.account.id))
      progress.step()
    }
  })
  return { added: ready.accounts.length, changed: ready.changes.length }
}

/** How much work the hashes are that were not made here: a refused password takes as long for every name. */
function worksOf({ passwords }: House, { accounts, changes }: Ready): Set<string> {
  const hashes = [...accounts, ...changes.map((it) => it.set)].map((it) => it.password_hash ?? null)
  return new Set(hashes.flatMap((it) => (it === null ? [] : (passwords.workOf(it) ?? []))))
}

async function applyChange(tx: Tx, { account, set, app }: ReadyChange, now: number, told: audit.Context): Promise<void> {
  await holdAccount(tx, account.id)
  if (app) {
    if ((await authenticatorsOf(tx, account.id)).some((it) => it.method === 'totp')) throw meanwhile()
    await addAuthenticators(tx, [app])
    await audit.authenticatorBound(tx, { ...told, method: 'totp' })
  }
  await changeAccount(tx, account.id, set)
  // Who gets in has changed: nothing stands on what it was before.
  if (set.password_hash !== undefined || app) {
    await endWhatStands(tx, account.id, now)
    await dropPendingEnrolment(tx, account.id)
  }
  await audit.accountChanged(tx, told)
}

async function prepare(house: House, portal: Portal, plan: Plan, progress: Progress): Promise<Ready> {
  const now = house.clock.now()
  progress.begin('Hashing', plan.adds.length + plan.changes.length)
  const accounts = await inTurns(plan.adds, async ({ person }) => {
    const hash = person.password === null ? person.passwordHash : await house.passwords.hash(person.password)
    progress.step()
    return newAccountRow(house, portal, person, now, hash)
  })
  const apps = plan.adds.flatMap(({ person }, at) => {
    const account = accounts[at]?.id
    return person.seed === null || account === undefined ? [] : [appRow(house, account, person.seed, now)]
  })
  const changes = await inTurns(plan.changes, async (change) => {
    const ready = await prepareChange(house, change, now)
    progress.step()
    return ready
  })
  return { accounts, apps, changes: changes.filter((it) => it.app !== undefined || Object.keys(it.set).length > 0) }
}

/** A password that is the right one already changes nothing, so that the same file can be imported again. */
async function prepareChange(house: House, { line, account, set, bindsApp }: Change, now: number): Promise<ReadyChange> {
  const { password, seed } = line.person
  const isNew = password !== null && !(account.password_hash !== null && (await house.passwords.verify(account.password_hash, password)))
  const hash = isNew ? { password_hash: await house.passwords.hash(password) } : {}
  const fresh = isNew || set.password_hash !== undefined ? { password_changed_at: now } : {}
  const bound = { second_step_since: account.second_step_since ?? now, authenticators_changed_at: now }
  return {
    account,
    set: { ...set, ...hash, ...fresh, ...(bindsApp ? bound : {}) },
    ...(bindsApp && seed !== null ? { app: appRow(house, account.id, seed, now) } : {}),
  }
}

function appRow(house: House, account: string, seed: Uint8Array, now: number): NewRow<'authenticator'> {
  const id = house.random.id()
  return {
    id,
    account_id: account,
    method: 'totp',
    secret: house.vault.seal(seed, seedPlace(id)),
    title: null,
    last_step: 0,
    bound_at: now,
    last_used_at: null,
    disabled_at: null,
  }
}

/** In the order given, a few at a time. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  const rest = items.entries()
  const worker = async (): Promise<void> => {
    for (const [at, item] of rest) results[at] = await work(item)
  }
  await Promise.all(Array.from({ length: hashesAtOnce }, worker))
  return results
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += rowsAtOnce) yield items.slice(at, at + rowsAtOnce)
}

const meanwhile = (): Refused => new Refused('Somebody changed these accounts meanwhile. Nothing was imported: run it again.')
