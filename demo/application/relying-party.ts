import * as client from 'openid-client'
import type { Registration } from './registry.ts'

/*
 * The OpenID Connect side, by openid-client alone: authorization code, PKCE S256, state, nonce; issuer, signature and
 * times of the id_token are checked there, and `iss` of the answer too (RFC 9207).
 */

export interface RelyingParty {
  /** The address that starts a sign-in, and what to keep until the answer. */
  begin(redirectUri: string): Promise<{ location: string; state: string; nonce: string; codeVerifier: string }>
  finish(
    answer: URL,
    kept: { state: string; nonce: string; codeVerifier: string },
  ): Promise<{ idToken: string; claims: Record<string, unknown> }>
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
    async begin(redirectUri) {
      const [state, nonce, codeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
      const location = client.buildAuthorizationUrl(await metadata(), {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
      return { location: location.href, state, nonce, codeVerifier }
    },
    async finish(answer, { state, nonce, codeVerifier }) {
      const tokens = await client.authorizationCodeGrant(await metadata(), answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      return { idToken: tokens.id_token ?? '', claims: { ...tokens.claims() } }
    },
    async signOut(idToken, returnTo) {
      const configuration = await metadata()
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
      return client.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: returnTo }).href
    },
  }
}
