/** What we use of oidc-provider 9, which brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export class Provider {
    constructor(issuer: string, configuration: object)
    /** The request that is being answered. */
    static readonly ctx: Context | undefined
    /** Believe X-Forwarded-Host and -Proto; we set them ourselves. */
    proxy: boolean
    silent: boolean
    readonly Client: { readonly prototype: Client; find(id: string): Promise<Client | undefined> }
    readonly Grant: new (of: {
      accountId: string
      clientId: string
      jti: string
    }) => Grant
    readonly IdToken: {
      new (claims: { sub: string }, of: { client: Client; ctx: undefined }): IdToken
      validate(token: string, client: Client): Promise<{ payload: { sub: string } }>
    }
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): this
    on(event: string, listener: (...of: never[]) => void): this
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  }

  export interface Client {
    readonly clientId: string
    readonly scope: string
    readonly redirectUris: readonly string[]
    readonly clientAuthMethod: string
    grantTypeAllowed(type: string): boolean
    compareClientSecret(shown: string): boolean | Promise<boolean>
  }

  export interface IdToken {
    /** Null: this claim goes in although no scope asks for it. */
    mask: Record<string, null>
    set(claim: string, value: unknown): void
    issue(of: { use: 'logout' }): Promise<string>
  }

  export interface Grant {
    jti: string
    addOIDCScope(scope: string): void
    addOIDCClaims(claims: readonly string[]): void
  }

  export interface Session {
    uid: string
    authorizations: Record<string, { grantId: string; sid: string }>
    /** A destroyed session is neither written nor sent as a cookie. */
    destroyed: boolean
    loginAccount(of: { accountId: string; acr: string; amr: readonly string[]; loginTs: number }): void
  }

  export interface Account {
    readonly accountId: string
    claims(): Record<string, unknown>
  }

  export interface Context {
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly path: string
    readonly method: string
    readonly state: { kept?: unknown }
    status: number
    body: unknown
    /** False: somebody else writes the answer. */
    respond: boolean
    get(header: string): string
    set(header: string, value: string): void
    remove(header: string): void
    /** Undefined when no route of the provider was met. */
    readonly oidc?: ProtocolContext
  }

  export interface ProtocolContext {
    readonly provider: Provider
    readonly route: string
    readonly client?: Client
    readonly params?: Record<string, string | undefined>
    readonly prompts: ReadonlySet<string>
    readonly session: Session
    readonly entities: {
      readonly Interaction?: { readonly uid: string; readonly prompt: { readonly details: unknown }; readonly result?: unknown }
      readonly AuthorizationCode?: { readonly acr: string; readonly authTime: number }
      readonly RefreshToken?: { readonly acr: string; readonly authTime: number }
      readonly IdTokenHint?: { readonly payload: { readonly sub: string } }
    }
    entity(name: string, value: unknown): void
  }

  type ProtocolError = new (description?: string) => Error
  export const errors: {
    readonly InvalidClientAuth: ProtocolError
    readonly InvalidGrant: ProtocolError
    readonly InvalidRequest: ProtocolError
    readonly InvalidRequestUri: ProtocolError
    readonly InvalidScope: ProtocolError
    readonly LoginRequired: ProtocolError
    readonly SessionNotFound: ProtocolError
    readonly TemporarilyUnavailable: ProtocolError
    readonly UnmetAuthenticationRequirements: ProtocolError
    readonly UnsupportedResponseMode: ProtocolError
  }

  export namespace interactionPolicy {
    class Check {
      constructor(
        reason: string,
        description: string,
        error: string,
        check: (context: Context & { readonly oidc: ProtocolContext }) => Promise<boolean>,
        details?: (context: Context) => object,
      )
    }
    class Prompt {
      constructor(of: { name: string; requestable: boolean }, ...checks: Check[])
      readonly checks: Check[] & { remove(reason: string): void }
    }
  }
}
