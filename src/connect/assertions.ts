import type { Context, errors } from 'oidc-provider'
import type { House } from '../factors/index.ts'

/** How far the clock of an application may be ahead of ours, and how long an assertion may be good for. */
const aheadSeconds = 10
const longestSeconds = 300

interface Claims {
  readonly aud?: unknown
  readonly exp?: unknown
  readonly iat?: unknown
  readonly nbf?: unknown
}

/**
 * What a client that signs (private_key_jwt) must say beside a right signature: for whom, as one name and no list; when, and not in the
 * future; for a short while (RFC 7523, section 3; FAPI 2.0, section 5.3.2.1). That it comes once is seen in records.ts.
 */
export function believedAssertions({ clock }: House, refused: typeof errors): object {
  return {
    assertJwtClientAuthClaimsAndHeader: async (_context: Context, claims: Claims) => {
      const now = Math.floor(clock.now() / 1000)
      if (typeof claims.aud !== 'string') throw new refused.InvalidClientAuth('aud must be one string')
      for (const moment of [claims.iat, claims.nbf])
        if (moment !== undefined && !(typeof moment === 'number' && moment <= now + aheadSeconds))
          throw new refused.InvalidClientAuth('the assertion is from the future')
      if (!(typeof claims.exp === 'number' && claims.exp <= now + longestSeconds + aheadSeconds))
        throw new refused.InvalidClientAuth('the assertion is good for too long')
    },
  }
}
