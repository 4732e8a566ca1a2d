/** An application, by openid-client alone: PKCE, state and nonce for each question, and what it believes of the answer. */
import * as client from 'openid-client'

export interface Question {
  readonly location: URL
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly maxAge?: number
}

export interface RelyingParty {
  readonly configuration: client.Configuration
  readonly redirectUri: string
  ask(more?: Record<string, string>): Promise<Question>
  /** Redeems the answer and checks all that openid-client checks; throws when anything is wrong. */
  redeem(answer: URL, question: Question): ReturnType<typeof client.authorizationCodeGrant>
}

export async function relyingParty(issuer: string, clientId: string, secret: string, redirectUri: string): Promise<RelyingParty> {
  const configuration = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests],
  })
  return {
    configuration,
    redirectUri,
    async ask(more = {}) {
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
      const location = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...more,
      })
      return { location, state, nonce, verifier, ...(more.max_age === undefined ? {} : { maxAge: Number(more.max_age) }) }
    },
    redeem: (answer, { state, nonce, verifier, maxAge }) =>
      client.authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
        ...(maxAge === undefined ? {} : { maxAge }),
      }),
  }
}
