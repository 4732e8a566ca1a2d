/* What every story asserts: nothing gained, one status, one event with its reason, one counter moved once. */
import { expect } from 'vitest'
import type { Step } from '../../src/decision/index.ts'
import { isSaid, type Said, secondStepKey } from '../../src/sign-in/index.ts'
import { auditRowsOf, readCounter } from '../../src/storage/index.ts'
import type { Outcome } from './story-browser.ts'
import type { Person, Town } from './story-house.ts'

/** Everything that an account owns: what a refusal must leave as it was. */
export async function photograph({ house }: Town, { id }: Pick<Person, 'id'>) {
  const { db } = house.storage
  const owned = (table: 'authenticator' | 'pending_enrolment' | 'session' | 'browser' | 'remembered' | 'fact') =>
    db.selectFrom(table).selectAll().where('account_id', '=', id).orderBy('id').execute()
  return {
    account: await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst(),
    authenticators: await owned('authenticator'),
    pending: await owned('pending_enrolment'),
    sessions: await owned('session'),
    browsers: await owned('browser'),
    remembered: await owned('remembered'),
    facts: await owned('fact'),
    spent: await db.selectFrom('code').select(['id', 'used_at']).where('account_id', '=', id).where('used_at', 'is not', null).execute(),
  }
}

export interface Expected {
  readonly said?: Said['said']
  /** 422 unless it says otherwise. */
  readonly status?: Said['status']
  /** The event with its reason, as `second-step.refused used`. */
  readonly event?: string
  /** How far the count of the account moves; once unless it says otherwise. */
  readonly counted?: number
}

export const tries = async ({ house }: Town, { id }: Pick<Person, 'id'>) => readCounter(house.storage.db, secondStepKey(id))
export const events = async (town: Town, who: Pick<Person, 'id'>): Promise<string[]> => [...(await audited(town, who)).values()]

/** By id: events of one moment have no order. */
const audited = async ({ house }: Town, { id }: Pick<Person, 'id'>): Promise<Map<string, string>> => {
  const rows = await auditRowsOf(house.storage.db, id, 10_000)
  return new Map(rows.map((it) => [it.id, it.reason ? `${it.event} ${it.reason}` : it.event]))
}

/** One refusal, looked at from all sides. */
export async function refused(town: Town, who: Person, act: () => Promise<Outcome>, expected: Expected = {}): Promise<Said> {
  const [before, told, counted] = [await photograph(town, who), await audited(town, who), (await tries(town, who)).count]
  const outcome = await act()
  if (!isSaid(outcome)) throw new Error(`not refused, but at ${outcome.situation.step.step}`)
  expect(outcome.status).toBe(expected.status ?? 422)
  if (expected.said) expect(outcome.said).toBe(expected.said)
  expect(await photograph(town, who)).toEqual(before)
  const fresh = [...(await audited(town, who))].filter(([id]) => !told.has(id)).map(([, it]) => it)
  if (expected.event) expect(fresh).toEqual([expected.event])
  expect((await tries(town, who)).count - counted).toBe(expected.counted ?? 1)
  return outcome
}

/** A form of another moment: no error, nothing gained, and the page that is due. */
export async function changesNothing(town: Town, who: Person, act: () => Promise<Outcome>): Promise<Step> {
  const before = await photograph(town, who)
  const step = moved(await act())
  expect(await photograph(town, who)).toEqual(before)
  return step
}

/** Where an act led to. */
export function moved(outcome: Outcome): Step {
  if (isSaid(outcome)) throw new Error(`refused: ${outcome.said}`)
  return outcome.situation.step
}

/** The good twin: signed in, with one session more. */
export async function signedIn(town: Town, who: Person, act: () => Promise<Outcome>) {
  const before = (await photograph(town, who)).sessions.length
  const outcome = await act()
  expect(moved(outcome).step).toBe('done')
  if (isSaid(outcome) || !outcome.finished) throw new Error('not signed')
  expect((await photograph(town, who)).sessions).toHaveLength(before + 1)
  return outcome
}
