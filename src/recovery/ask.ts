import * as audit from '../audit/index.ts'
import type { Instant, PauseRule } from '../decision/index.ts'
import { enqueue, type ResetFacts, resetTemplate } from '../delivery/index.ts'
import { type House, mayMailUnasked, readMailAddress } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { addLink, type CounterKey, canonicalName, findAccountByName, raise } from '../storage/index.ts'
import { askerOf, resetPurpose } from './link.ts'
import type { Refused } from './refused.ts'
import { areTyped, lettersOf } from './typed.ts'

/** How long a link works. */
const linkSeconds = 3_600
/** Three in an hour for a name, whether an account has it or not. */
const askRule: PauseRule = { failures: 3, pauseSeconds: 3_600, longestSeconds: 3_600 }

export interface Asking {
  readonly name: string
  /** The letters as they were typed, and the value of the page that showed them. */
  readonly typed: string
  readonly shown: string
  readonly formCookie: string
  readonly language: string
  readonly address: string
}

/** The answer is the same for every name; `after` is what is left to do once it was given, and never fails. */
export interface ResetAsked {
  readonly after: () => Promise<void>
}

/**
 * A link is asked. Nothing in the answer, nor the time it takes, tells whether an account has the name: the name is counted before
 * anybody looks for it, and the mail is made when the answer has left. A process that dies in between has promised no mail to anybody
 * who can ask again.
 */
export async function askReset(house: House, portal: Portal, asking: Asking, now: Instant): Promise<ResetAsked | Refused> {
  const wrong = whatIsWrong(house, portal, asking)
  if (wrong) return wrong
  const name = canonicalName(asking.name)
  const key: CounterKey = `reset ${house.vault.mac('reset counter', portal.id, name ?? asking.name.trim().toLowerCase())}`
  const turn = await raise(house.storage.db, key, askRule, now)
  if (!turn.raised) return { refused: 'reset.tooMany', status: 429, until: turn.pausedUntil ?? now }
  return {
    after: () =>
      sendLink(house, portal, name, asking, now).catch((error: unknown) => house.log.error({ err: error }, 'a reset mail was not made')),
  }
}

function whatIsWrong(house: House, portal: Portal, { name, typed, shown, formCookie }: Asking): Refused | undefined {
  const isMail = portal.identifier === 'email'
  const wrong = (refused: Refused['refused'], field: 'username' | 'typed'): Refused => ({ refused, field, status: 422 })
  if (name.trim() === '') return wrong(isMail ? 'email.empty' : 'username.empty', 'username')
  if (isMail && 'refused' in readMailAddress(name.trim().slice(0, 300))) return wrong('email.format', 'username')
  if (!portal.password.typedCode) return undefined
  if (typed.trim() === '') return wrong('reset.typedEmpty', 'typed')
  return areTyped(lettersOf(house, portal, formCookie, shown), typed) ? undefined : wrong('reset.typedWrong', 'typed')
}

/** To the stored address and no other. Who has no address, or is switched off, gets nothing and is told nothing. */
async function sendLink(house: House, portal: Portal, name: string | undefined, asking: Asking, now: Instant): Promise<void> {
  const { storage, vault, random } = house
  const account = name === undefined ? undefined : await findAccountByName(storage.db, portal.id, name)
  const context = { random, portal: portal.id, at: now, address: asking.address }
  const address = account?.email
  // An address that was changed a moment ago gives nobody a way in: who took an account over could have given it.
  const isTooNew = (account?.email_recovers_at ?? 0) > now
  if (!account || !address || account.disabled_at !== null || isTooNew) {
    const nameHash = vault.mac('audit name', portal.id, name ?? '')
    return audit.resetAsked(storage.db, { ...context, ...(account ? { accountId: account.id } : { nameHash }) })
  }
  const link = random.id()
  const endsAt = now + linkSeconds * 1000
  const message = {
    portal: portal.id,
    template: resetTemplate,
    channel: 'email',
    accountId: account.id,
    codeId: null,
    address,
    language: account.language ?? asking.language,
    facts: { link, until: endsAt } satisfies ResetFacts,
    endsAt,
  } as const
  const hasLeft = await storage.inTransaction(async (tx) => {
    if (!(await mayMailUnasked(tx, house, { portal, address, from: asking.address }, now))) return false
    await addLink(tx, vault, {
      id: link,
      portal: portal.id,
      account_id: account.id,
      purpose: resetPurpose,
      facts: JSON.stringify({ email: address, asker: askerOf(house, portal, asking.formCookie) }),
      created_at: now,
      ends_at: endsAt,
      used_at: null,
    })
    await enqueue(tx, message, random, now)
    await audit.resetAsked(tx, { ...context, accountId: account.id })
    return true
  })
  if (hasLeft) house.notify()
  else house.log.warn({ portal: portal.id }, 'a link for a forgotten password was not sent: too much mail went out')
}
