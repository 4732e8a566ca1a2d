import type { Instant, SecondStep } from '../decision/index.ts'

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
  /** `isStillIn`: who changed it was signed in, and is. */
  | { readonly notice: 'password-changed'; readonly mailCodeAgainAt?: Instant; readonly isStillIn?: true }
  | { readonly notice: 'new-browser' }
  | { readonly notice: 'half-finished' }
  | { readonly notice: 'email-changed'; readonly undoUntil: Instant; readonly former?: string }
  | { readonly notice: 'email-confirmed' }
  | { readonly notice: 'phone-changed'; readonly lastTwo: string; readonly former?: string }
  | { readonly notice: 'recovered' }
  | ({ readonly notice: 'protected' } & (
      | { readonly pausedUntil: Instant }
      | { readonly disabled: SecondStep }
      | { readonly newPassword: true }
      | { readonly guessed: 'password' }
    ))
  | { readonly notice: 'enrolment-restarted' }
  | { readonly notice: 'browser-copied' }

/** How long 'this was not me' works. */
export const notMeSeconds = 7 * 86_400

/** A notice with its moment and, where it is known, its place. */
export type Happened = Notice & { readonly at: Instant; readonly device?: Device }

/** What stands in the outbox for a notice, and in its link: one happening, or those of an hour together. */
export interface NoticeFacts {
  readonly told: readonly Happened[]
  /** The id of the link 'this was not me'; its token is made when the text is. */
  readonly link?: string
  /** When it was to leave, for one that waited for the next to be told with it. */
  readonly due?: Instant
}

/** Which mail tells of it, and which text message where the portal sends any. */
export const noticeTexts = {
  'method-added': { mail: 'M05', sms: 'S04' },
  'method-removed': { mail: 'M06', sms: 'S04' },
  'method-replacing': { mail: 'M07', sms: 'S04' },
  'method-replaced': { mail: 'M07', sms: 'S04' },
  'password-changed': { mail: 'M08', sms: 'S04' },
  'new-browser': { mail: 'M09' },
  'half-finished': { mail: 'M10', sms: 'S06' },
  'email-changed': { mail: 'M11b', sms: 'S04' },
  'email-confirmed': { mail: 'M11c' },
  'phone-changed': { mail: 'M12', sms: 'S04' },
  recovered: { mail: 'M13c', sms: 'S04' },
  protected: { mail: 'M16' },
  'browser-copied': { mail: 'M18' },
  'enrolment-restarted': { mail: 'M19' },
} as const satisfies Record<Notice['notice'], { readonly mail: string; readonly sms?: string }>
