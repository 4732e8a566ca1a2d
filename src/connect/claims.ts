import type { Account } from 'oidc-provider'
import type { AccountRow } from '../storage/index.ts'

/** Which claims belong to which scope (OpenID Connect Core, section 5.4). Strength and time go into every id_token. */
export const claimsOfScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  offline_access: [],
} as const

/** An account as the provider asks for it. What is not known is left out, never empty. */
export function accountOf(row: AccountRow): Account {
  const name = [row.given_name, row.family_name].filter((it) => it !== null).join(' ')
  const claims: Record<string, unknown> = {
    sub: row.id,
    name: name === '' ? null : name,
    given_name: row.given_name,
    family_name: row.family_name,
    preferred_username: row.shown_name,
    locale: row.language,
    ...(row.email === null ? {} : { email: row.email, email_verified: row.proven_email === row.email }),
    ...(row.phone === null ? {} : { phone_number: row.phone, phone_number_verified: row.phone_proven_at !== null }),
  }
  return { accountId: row.id, claims: () => Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null)) }
}
