/** A moment: whole milliseconds since 1970-01-01T00:00:00Z. Lengths of time are always `...Seconds`. */
export type Instant = number

/** What was used. */
export type Method = 'password' | 'totp' | 'email' | 'sms' | 'passkey' | 'recovery-code' | 'ticket' | 'remembered-browser'

/** Methods that can be the second step of a sign-in. */
export type SecondStep = 'totp' | 'email' | 'sms'

/** Where an app's codes are made when not on a phone: in an extension of the browser, or a program that keeps passwords. */
export type Way = 'browser' | 'manager'

/** What a method proves. `mailbox` and `remembered` are not factors; a portal names them where it allows them. */
export type Kind = 'knowledge' | 'possession' | 'inherence' | 'mailbox' | 'remembered'

/** What a proof was given for. A gate is never taken for a second step, nor the other way round. */
export type Purpose = 'sign-in' | 'gate' | 'new-phone' | 'new-email' | 'enrol' | 'change' | 'recovery'

/** What a person did in one sign-in, dated by the server. A list of these is all that a sign-in remembers. */
export type Fact =
  | { readonly fact: 'named'; readonly at: Instant }
  | { readonly fact: 'proved'; readonly method: Method; readonly purpose: Purpose; readonly at: Instant }
  | { readonly fact: 'chose'; readonly method: SecondStep; readonly way?: Way; readonly at: Instant }
  /** 'Doorgaan' on the calm page that says the chosen method is not registered yet. */
  | { readonly fact: 'began'; readonly method: SecondStep; readonly at: Instant }
  /** 'Nu instellen' or the opt-in link: the second step is wanted in this sign-in although the date has not come. */
  | { readonly fact: 'wanted'; readonly at: Instant }
  /** 'Later' on the page that announces the date. */
  | { readonly fact: 'postponed'; readonly at: Instant }
  /** A phone number was given; it is not believed before a code sent to it came back. */
  | { readonly fact: 'gave-phone'; readonly at: Instant }
  /** 'Wijzig het nummer': the number given before does not count any more. */
  | { readonly fact: 'withdrew-phone'; readonly at: Instant }

export type Proved = Extract<Fact, { fact: 'proved' }>

/** An authenticator bound to the account. */
export interface Bound {
  readonly method: 'totp' | 'sms'
  readonly lastUsedAt?: Instant
  /** Set after 100 wrong codes in a row: it proves nothing until it is bound anew. */
  readonly disabled?: boolean
}

/** What the decision knows of an account. No name, no address, no secret. */
export interface Account {
  readonly bound: readonly Bound[]
  readonly hasEmail: boolean
  readonly phone: 'none' | 'known' | 'proven'
  readonly group?: string
  /** The first method was confirmed: from then on the second step is asked, whatever the date. */
  readonly secondStepSince?: Instant
  /** Any change of authenticators voids remembered browsers from before. */
  readonly authenticatorsChangedAt?: Instant
  readonly pausedUntil?: Instant
  /** The owner said 'this was not me': the password of then opens nothing any more. */
  readonly securedAt?: Instant
  /** Many wrong codes were tried: whoever signs in after this first chooses a new password. */
  readonly guessedAt?: Instant
  readonly passwordChangedAt?: Instant
  readonly lastMethod?: SecondStep
  /** When the announcement of the date was last shown and postponed. */
  readonly announcedAt?: Instant
  /** An enrolment was begun and not finished: the next sign-in offers it again. */
  readonly hasPendingEnrolment?: boolean
  /** This account was fully signed in from this browser before. */
  readonly knownBrowser?: boolean
  /** When this account was last fully signed in from this browser. */
  readonly browserSeenAt?: Instant
  /** When the password was chosen anew through the mailbox; gone once a whole sign-in with a second step came after it. */
  readonly mailboxResetAt?: Instant
}

/** The rule of one application: what `remembered`, `session` and `every-time` mean stands in the schema of a portal file. */
export type ApplicationRule = 'remembered' | 'session' | 'every-time'

/** What the decision knows of a portal. */
export interface Policy {
  readonly pages: 'one-page' | 'identifier-first'
  readonly methods: readonly SecondStep[]
  readonly choice: 'every-time' | 'last-used'
  readonly gate: Gate
  readonly phoneBeforeApp: boolean
  readonly rememberedSeconds: number
  /** Whether the last method of an account stays until another was added. */
  readonly keepsLastMethod: boolean
  readonly enforcement:
    | { readonly mode: 'at-once' }
    | { readonly mode: 'opt-in' }
    /** `groups`: the dates of groups of accounts that differ. */
    | { readonly mode: 'from'; readonly at: Instant; readonly groups: Readonly<Record<string, Instant>>; readonly announceSeconds: number }
  readonly applications: Readonly<Record<string, ApplicationRule>>
}

/** What the application asks, and when it asked. */
export interface Request {
  /** Undefined: nobody asked, the person came by the portal's own page. */
  readonly application?: string
  readonly at: Instant
  /** Proofs older than this do not count (OpenID Connect Core, section 3.1.2.1). */
  readonly maxAgeSeconds?: number
  /** prompt=login: nothing from before this request counts. */
  readonly again?: boolean
  /** One of these must be said of the sign-in, and no other (an essential `acr`; OpenID Connect Core, section 5.5.1.1). */
  readonly mustBe?: readonly string[]
  /** `acr_values`: one of these or a stronger one, where it can be had (RFC 9470, section 4). */
  readonly wished?: readonly string[]
}

/** Why a code is asked now: exactly one, and true. */
export type Reason =
  | 'always'
  | 'application-always'
  | 'new-browser'
  | 'remember-ended'
  | 'method-changed'
  | 'step-up'
  | 'change'
  | 'unknown'

export type Gate = 'email' | 'sms-or-email' | 'none'

/** What a sign-in asks, folded from house, portal, application, request and account. */
export interface Requirement {
  /** One of these sets of kinds must be proved. Never a number of factors. */
  readonly anyOf: readonly (readonly Kind[])[]
  /** The same once the person wanted the second step before the date. */
  readonly anyOfWhenWanted: readonly (readonly Kind[])[]
  readonly pages: 'one-page' | 'identifier-first'
  /** Second steps on offer, in the portal's order. */
  readonly methods: readonly SecondStep[]
  /** Whether the method is asked at every sign-in, or the last used one is taken. */
  readonly choice: 'every-time' | 'last-used'
  readonly gate: Gate
  /** A proven phone number is needed before an authenticator app is linked. */
  readonly phoneBeforeApp: boolean
  readonly keepsLastMethod: boolean
  /** Whether the first code of an authenticator that was linked in this very sign-in proves itself. */
  readonly enrolmentProves: boolean
  /** How long a remembered browser counts after the last real second step. 0: never. */
  readonly rememberedSeconds: number
  /** Proofs from before this moment do not count (max_age, prompt=login). */
  readonly notBefore?: Instant
  /** Second steps from before this moment do not count: this application asks one each time. */
  readonly secondStepNotBefore?: Instant
  /** The date on which the second step becomes mandatory, when it is still to come and close enough to be told. */
  readonly announce?: { readonly mandatoryAt?: Instant; readonly everySeconds: number }
  /**
   * One mailbox, one step: the mailbox gave the password, so no code to it counts that is from before `countsFrom`, until another
   * factor was shown.
   */
  readonly mailbox?: { readonly resetAt: Instant; readonly countsFrom: Instant; readonly rests: boolean }
  /** Why a code is asked, where policy and request alone say it. Left out: the browser tells. */
  readonly because?: Reason
}

/** Why a method on offer cannot be used now, or that it has yet to be set up. */
export interface Option {
  readonly method: SecondStep
  /** `resting`: a mailbox that gave the password a moment ago. */
  readonly state: 'ready' | 'not-registered' | 'disabled' | 'resting'
}

/** What comes next: a closed union, never an address. */
export type Step =
  | { readonly step: 'identify' }
  | { readonly step: 'password' }
  | { readonly step: 'choose'; readonly options: readonly Option[]; readonly because: Reason }
  /** The chosen method is not registered yet: said calmly, `Doorgaan` leads to the gate. */
  | { readonly step: 'not-registered'; readonly method: SecondStep }
  | {
      readonly step: 'prove'
      readonly method: SecondStep
      readonly purpose: 'sign-in' | 'gate' | 'new-phone' | 'change' | 'new-email'
      readonly options: readonly Option[]
      readonly because: Reason
    }
  | { readonly step: 'register-phone'; readonly known: boolean }
  | { readonly step: 'enrol'; readonly method: 'totp' }
  | { readonly step: 'choose-enrolment'; readonly options: readonly Option[] }
  | { readonly step: 'offer'; readonly mandatoryAt?: Instant }
  | { readonly step: 'wait'; readonly until: Instant }
  /** Nothing but the mailbox is left to prove anything with, and it gave the password a moment ago. */
  | { readonly step: 'mailbox-rests'; readonly until: Instant }
  | { readonly step: 'refuse'; readonly why: 'no-channel' | 'method-disabled' | 'secured' | 'new-password' }
  | {
      readonly step: 'done'
      readonly acr: Acr
      readonly amr: readonly string[]
      readonly authTime: Instant
      readonly secondStepAt?: Instant
    }

export type Acr = 'urn:sluis:acr:1' | 'urn:sluis:acr:2-mail' | 'urn:sluis:acr:2-remembered' | 'urn:sluis:acr:2'
