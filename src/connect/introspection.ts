import type { Client, Context } from 'oidc-provider'

/**
 * What an access token tells the service behind an application, which asks here (RFC 7662): who, until when, and how certain, so that it
 * can ask for a step up (RFC 9470, section 6.2). The strength is that of the sign-in that the token came from.
 */
export function strengthOf({ oidc }: Context): { acr: string; auth_time: number } | undefined {
  const source = oidc?.entities.AuthorizationCode ?? oidc?.entities.RefreshToken
  return source && { acr: source.acr, auth_time: source.authTime }
}

/** An application asks about its own tokens alone; any other token does not exist for it. */
export const mayAskAbout = (_context: Context, { clientId }: Client, token: { readonly clientId: string }): boolean =>
  token.clientId === clientId
