import { browsers } from './browsers.ts'
import { errors } from './errors.ts'
import { limits } from './limits.ts'
import { messages } from './messages.ts'
import { newPassword } from './new-password.ts'
import { notMe } from './not-me.ts'
import { notices } from './notices.ts'
import { pages } from './pages.ts'
import { profile } from './profile.ts'
import { recovery } from './recovery.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { withoutPhone } from './without-phone.ts'
import { work } from './work.ts'

/** Dutch, English. `[je/u]`: the form for each register. `{name}`: a value, or a word of the portal. `{n|één|meer}`: by number. */
export type Both = readonly [nl: string, en: string]

export const catalogue = {
  ...signIn,
  ...pages,
  ...errors,
  ...messages,
  ...newPassword,
  ...browsers,
  ...signOut,
  ...profile,
  ...recovery,
  ...notices,
  ...notMe,
  ...withoutPhone,
  ...limits,
  ...work,
}

export type CatalogueKey = keyof typeof catalogue
