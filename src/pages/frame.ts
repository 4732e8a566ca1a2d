import type { Words } from '../words/index.ts'

/** What was not right: one sentence, in the summary and at its field. */
export interface Said {
  readonly text: string
  readonly field?: string
}

export type SupportLine = { readonly text: string } | { readonly link: string; readonly text: string }

/** Every address that a page may lead to; made in one place, src/http/paths.ts. */
export interface Addresses {
  readonly home: string
  readonly signIn: string
  readonly password: string
  readonly offer: string
  readonly postpone: string
  readonly choose: string
  readonly notRegistered: string
  readonly code: string
  readonly resend: string
  readonly where: string
  readonly phone: string
  readonly phoneKnown: string
  readonly phoneChange: string
  readonly enrol: string
  readonly enrolApp: string
  readonly enrolHelp: string
  readonly enrolPicture: string
  readonly goOn: string
  readonly otherAccount: string
  readonly profile: string
  readonly browsers: string
  readonly forget: string
  readonly forgetAll: string
  readonly activity: string
  readonly askNotMe: string
  readonly secure: string
  readonly sessions: string
  readonly endSession: string
  readonly endEverywhere: string
  readonly signOut: string
  readonly forgot: string
  readonly newPassword: string
  readonly recover: string
  readonly ticket: string
  readonly notMe: string
  readonly message: string
}

/** What every page is drawn in. */
export interface Frame {
  readonly words: Words
  readonly portal: {
    readonly name: string
    readonly styles: readonly string[]
    readonly script: string
    readonly logo?: { readonly src: string; readonly dark?: string }
    readonly support: readonly SupportLine[]
    readonly links: { readonly guide?: string; readonly privacy?: string; readonly accessibility?: string }
    readonly isTest: boolean
  }
  readonly at: Addresses
  readonly languages: readonly { readonly code: string; readonly name: string; readonly href: string; readonly isCurrent: boolean }[]
  /** Hidden in every form. */
  readonly csrf: string
  /** Where a change goes on after this page; hidden in every form of it. */
  readonly next?: string
  /** The user name, from the right password on. */
  readonly account?: string
  /** Four digits of this sign-in for the helpdesk; they open nothing. */
  readonly helpNumber?: string
  readonly isSignedIn?: boolean
  readonly said?: Said
  /** The address of this page when a form drew it: reload and back then ask for the page, and send no form again. */
  readonly place?: string
}
