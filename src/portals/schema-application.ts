import { z } from 'zod'
import { tells, text, webAddress } from './schema-atoms.ts'

const file = z.string().min(1)

const client = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
    .meta(tells('The client_id that the application sends; each once in a portal.', 'desk')),
  secret: z.string().min(32).max(256).optional().describe('The client secret itself. Prefer secretFile: this file is read by more people.'),
  authentication: z
    .enum(['secret-basic', 'secret-post', 'private-key'])
    .default('secret-basic')
    .describe('How the application proves who it is: its secret in the header, its secret in the form, or a signature (private_key_jwt).'),
  keysFile: file
    .optional()
    .meta(tells('A file beside the portal file with the public keys of the application (a JWK Set), for private-key.', 'desk.jwks.json')),
  secretFile: file
    .optional()
    .meta(
      tells(
        'A file beside the portal file with the client secret in it. While it is changed: the new one, and the old one on a second line.',
        'desk.secret',
      ),
    ),
  redirectUris: z
    .array(webAddress)
    .min(1)
    .max(20)
    .meta(
      tells(
        'Where a sign-in may return to, compared letter by letter: https, or http on this machine alone. `{applications}` stands for ' +
          'applications.address of sluis.yaml.',
        ['https://desk.example.org/callback'],
      ),
    ),
  postLogoutRedirectUris: z
    .array(webAddress)
    .max(20)
    .default([])
    .meta(tells('Where the link after signing out may lead.', ['https://desk.example.org/'])),
  backchannelLogoutUri: webAddress
    .optional()
    .meta(
      tells('The server of the application that is told when a session has ended (back-channel logout).', 'https://desk.example.org/ended'),
    ),
  refreshTokens: z
    .boolean()
    .default(false)
    .describe(
      'The application may renew its tokens while the session lives. Each refresh token works once; one that comes back ends the ' +
        'session. With the scope offline_access it renews them also when nobody looked at a page for an hour.',
    ),
  pkce: z
    .enum(['required', 'not-required'])
    .default('required')
    .describe('not-required: for an old application with a secret that cannot do PKCE; needs a written reason in deviations.pkce.'),
  deviations: z
    .strictObject({ pkce: text.optional().describe('Why this client cannot do PKCE, and until when.') })
    .default({})
    .describe('Why this client is weaker than the house rule, in a sentence.'),
  idTokenAlgorithm: z
    .enum(['RS256', 'ES256', 'EdDSA'])
    .default('RS256')
    .describe('How id_tokens are signed. RS256 is what every client library takes; ES256 and EdDSA cost less.'),
  scopes: z
    .array(z.enum(['openid', 'profile', 'email', 'phone', 'offline_access']))
    .default(['openid', 'profile', 'email'])
    .describe('What the application may ask to know of a person.'),
})

export const applicationSchema = z.strictObject({
  title: text.meta(tells('How people call the application.', 'Desk')),
  secondStep: z
    .enum(['remembered', 'session', 'every-time'])
    .default('session')
    .describe(
      'remembered: a remembered browser is enough (applications that used to ask a password alone). ' +
        'session: one second step in a sign-in. every-time: a second step each time the application asks.',
    ),
  protects: webAddress
    .optional()
    .meta(
      tells(
        'Where an application stands that needs no code of ours: its proxy asks Sluis before anybody comes in (docs/forward-auth.md). No path.',
        'https://planning.dijkpoort.example',
      ),
    ),
  leadsOnTo: z
    .array(webAddress)
    // They stand in a header, which proxies give four kilobytes with all others.
    .max(20)
    .default([])
    .meta(
      tells(
        'Other hosts that the application leads people on to at once, straight from redirectUris, such as those behind a broker. Browsers ' +
          'hold our forms to the whole way. No path.',
        ['https://www.example.org'],
      ),
    ),
  client: client.optional().describe('The OpenID Connect client of this application.'),
})
