import * as client from 'openid-client'
import type { Registration } from './registry.ts'

/*
 * The OpenID Connect side, by openid-client alone: authorization code, PKCE S256, state, nonce; issuer, signature and
 * times of the id_token are checked there, and `iss` of the answer too (RFC 9207).
 */

export interface RelyingParty {
  /** The address that starts a sign-in, and what to keep until the answer. */
  begin(
    redirectUri: string,
    more?: Record<string, string>,
  ): Promise<{ location: string; state: string; nonce: string; codeVerifier: string; maxAge?: number }>
  finish(
    answer: URL,
    kept: { state: string; nonce: string; codeVerifier: string; maxAge?: number },
  ): Promise<{ idToken: string; accessToken: string; claims: Record<string, unknown> }>
  /** What the issuer says of an access token (RFC 7662). */
  introspect(token: string): Promise<Record<string, unknown>>
  keysAddress(): Promise<string>
  /** The address that signs out at the issuer too; undefined when it has none. */
  signOut(idToken: string, returnTo: string): Promise<string | undefined>
}

export function relyingParty({ issuer, clientId, clientSecret }: Registration): RelyingParty {
  let known: client.Configuration | undefined
  // Asked again until it succeeds: the issuer may be started after the application.
  const metadata = async () => {
    known ??= await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), {
      // The demo's issuer speaks http on localhost; any other address needs https.
      execute: new URL(issuer).protocol === 'http:' ? [client.allowInsecureRequests] : [],
      timeout: 5,
    })
    return known
  }
  return {
    async begin(redirectUri, more = {}) {
      const [state, nonce, codeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
      const location = client.buildAuthorizationUrl(await metadata(), {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...more,
      })
      const maxAge = more.max_age === undefined ? {} : { maxAge: Number(more.max_age) }
      return { location: location.href, state, nonce, codeVerifier, ...maxAge }
    },
    async finish(answer, { state, nonce, codeVerifier, maxAge }) {
      const tokens = await client.authorizationCodeGrant(await metadata(), answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
        ...(maxAge === undefined ? {} : { maxAge }),
      })
      return { idToken: tokens.id_token ?? '', accessToken: tokens.access_token, claims: { ...tokens.claims() } }
    },
    introspect: async (token) => ({ ...(await client.tokenIntrospection(await metadata(), token)) }),
    keysAddress: async () => (await metadata()).serverMetadata().jwks_uri ?? '',
    async signOut(idToken, returnTo) {
      const configuration = await metadata()
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
      return client.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: returnTo, state: 'signed-out' })
        .href
    },
  }
}
