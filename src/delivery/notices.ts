import type { Instant, SecondStep } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'
import type { Random } from '../random.ts'
import { type AccountRow, addLink, type Tx, type Vault } from '../storage/index.ts'
import { enqueue } from './outbox.ts'

/** Which kind of browser on which kind of system, from fixed lists; what is unknown is left out. */
export interface Device {
  readonly browser?: string
  readonly system?: string
}

interface MethodWords {
  readonly method: SecondStep
  readonly boundAt: Instant
}

/** What the owner of an account is told of. Moments, counts and kinds; nothing that a person typed. */
export type Notice =
  | ({ readonly notice: 'method-added' } & MethodWords)
  | ({ readonly notice: 'method-removed'; readonly isLast: boolean } & MethodWords)
  | ({ readonly notice: 'method-replacing'; readonly oldEndsAt: Instant } & MethodWords)
  | ({ readonly notice: 'method-replaced'; readonly undoUntil: Instant } & MethodWords)
  | { readonly notice: 'password-changed'; readonly mailCodeAgainAt?: Instant }
  | { readonly notice: 'new-browser' }
  | { readonly notice: 'half-finished' }
  | { readonly notice: 'email-changed'; readonly undoUntil: Instant }
  | { readonly notice: 'email-confirmed' }
  | { readonly notice: 'phone-changed'; readonly lastTwo: string }
  | { readonly notice: 'recovered' }
  | ({ readonly notice: 'protected' } & (
      | { readonly pausedUntil: Instant }
      | { readonly disabled: SecondStep }
      | { readonly newPassword: true }
    ))
  | { readonly notice: 'enrolment-restarted' }
  | { readonly notice: 'browser-copied' }

export interface Telling {
  readonly portal: Portal
  readonly account: AccountRow
  /** Where else it goes: the address or number from before a change. The present ones are always told. */
  readonly alsoTo?: { readonly email?: string; readonly phone?: string }
  readonly device?: Device | undefined
  readonly language?: string
  readonly now: Instant
}

const templates = {
  'method-added': 'M05',
  'method-removed': 'M06',
  'method-replacing': 'M07',
  'method-replaced': 'M07',
  'password-changed': 'M08',
  'new-browser': 'M09',
  'half-finished': 'M10',
  'email-changed': 'M11b',
  'email-confirmed': 'M11c',
  'phone-changed': 'M12',
  recovered: 'M13c',
  protected: 'M16',
  'enrolment-restarted': 'M19',
  'browser-copied': 'M18',
} as const satisfies Record<Notice['notice'], string>

/** How long a notice may wait before it is not worth sending any more. */
const noticeSeconds = 7 * 86_400
/** How long 'this was not me' works. */
export const notMeSeconds = 7 * 86_400

/**
 * Tells the owner at every known address what happened, in the transaction of what happened: both or none. One link 'this was not me'
 * for the event. Wake delivery after the commit.
 */
export async function tellOwner(
  tx: Tx,
  { vault, random }: { readonly vault: Vault; readonly random: Random },
  { portal, account, alsoTo, device, language, now }: Telling,
  notice: Notice,
): Promise<void> {
  const link = random.id()
  const facts = { ...notice, ...(device ? { device } : {}), link }
  await addLink(tx, vault, {
    id: link,
    portal: portal.id,
    account_id: account.id,
    purpose: 'not-me',
    facts: JSON.stringify(notice),
    created_at: now,
    ends_at: now + notMeSeconds * 1000,
    used_at: null,
  })
  for (const address of new Set([account.email, alsoTo?.email].filter((it) => it != null)))
    await enqueue(
      tx,
      {
        portal: portal.id,
        template: templates[notice.notice],
        channel: 'email',
        accountId: account.id,
        codeId: null,
        address,
        language: account.language ?? language ?? 'nl',
        facts,
        endsAt: now + noticeSeconds * 1000,
      },
      random,
      now,
    )
}
