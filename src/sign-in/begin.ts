import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, type AttemptRow, addAttempt, addFact, changeAttempt, findTwin, noteReplaced, type Tx } from '../storage/index.ts'
import { goOn, type Moved } from './believe.ts'
import { noteUncounted } from './browsers.ts'
import { contextOf } from './context.ts'
import { type Asked, type Situation, situationOf, type Visitor } from './situation.ts'

/** How long a sign-in may take, from its first page. */
const attemptSeconds = 3_600

/**
 * A right password always begins a sign-in of its own, under a new cookie value: what was planted in the browser, or belongs to
 * another account, is left behind. The request of the application and its clock are carried over.
 */
export async function begin(
  tx: Tx,
  house: House,
  before: Situation,
  visitor: Visitor,
  account: AccountRow,
  typedName: string,
  asked: Asked | undefined,
): Promise<Moved> {
  const { portal, now } = before
  const token = house.random.token()
  const open = before.attempt?.finished_at === null ? before.attempt : undefined
  const attempt = newAttempt(house, portal, visitor, token, now, {
    application: before.request.application ?? null,
    interaction: open?.interaction ?? before.interaction ?? asked?.interaction ?? null,
    request: open?.request ?? JSON.stringify(asked?.request ?? before.request),
    typed_name: typedName.trim().slice(0, 250),
    account_id: account.id,
    ...(open ? { created_at: open.created_at, ends_at: open.ends_at } : {}),
  })
  await addAttempt(tx, attempt)
  if (open && open.account_id === account.id) await noteReplaced(tx, open.id, now)
  if (before.facts.some((it) => it.fact === 'wanted'))
    await addFact(tx, house.random.id(), attempt.id, account.id, { fact: 'wanted', at: now })
  await addFact(tx, house.random.id(), attempt.id, account.id, { fact: 'proved', method: 'password', purpose: 'sign-in', at: now })
  await audit.passwordAccepted(tx, contextOf(house, { portal, account, attempt, now }, visitor))
  const situation = await situationOf(tx, house, portal, { ...visitor, flow: token, session: undefined }, now)
  await noteUncounted(tx, house, situation, visitor)
  const moved = await goOn(tx, house, await sharingCodes(tx, situation), visitor, false)
  return { ...moved, cookies: { flow: token, ...moved.cookies } }
}

/** So far apart are two clicks on one button at most. */
const doubleClickSeconds = 10

/**
 * Where no script stops a double click, the form comes twice, and nobody knows which answer the browser shows. Each is a sign-in with
 * facts of its own, and whatever is proved counts in its own alone; the code that was sent for the one is the code of the other too. The
 * account is held, so one of them sends it.
 */
async function sharingCodes(tx: Tx, situation: Situation): Promise<Situation> {
  const { attempt, step, now } = situation
  if (!attempt || step.step !== 'prove' || step.method === 'totp') return situation
  const codes_of = await findTwin(tx, attempt, step.purpose, doubleClickSeconds, now)
  if (codes_of === undefined) return situation
  await changeAttempt(tx, attempt.id, { codes_of })
  return { ...situation, attempt: { ...attempt, codes_of } }
}

type Given = Pick<AttemptRow, 'application' | 'interaction' | 'request' | 'typed_name' | 'account_id'> &
  Partial<Pick<AttemptRow, 'created_at' | 'ends_at' | 'session_id'>>

/** The row of a sign-in. The four digits of the help number open nothing; they let a helpdesk find it. */
export function newAttempt(house: House, portal: Portal, visitor: Visitor, token: string, now: Instant, given: Given): AttemptRow {
  const help = String(house.random.below(10_000)).padStart(4, '0')
  return {
    id: house.random.id(),
    portal: portal.id,
    token_hash: hashOfToken(house.vault, 'flow', token),
    phone: null,
    email: null,
    language: visitor.language,
    help_number: help,
    session_id: null,
    created_at: now,
    ends_at: now + attemptSeconds * 1000,
    finished_at: null,
    replaced_at: null,
    form_hash: visitor.form === undefined ? null : hashOfToken(house.vault, 'form', visitor.form),
    codes_of: null,
    ...given,
  }
}
