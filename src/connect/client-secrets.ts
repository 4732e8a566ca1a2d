import { createHash, timingSafeEqual } from 'node:crypto'
import type { Client, Context, Provider } from 'oidc-provider'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { openGuesses } from './client-guesses.ts'
import type { ClientOf } from './clients.ts'
import type { ConnectSettings } from './connect.ts'

interface Parts {
  readonly house: House
  readonly portal: Portal
  readonly clients: ReadonlyMap<string, ClientOf>
  readonly settings: Pick<ConnectSettings, 'visitorOf'>
  /** The request that is being answered. */
  current(): Context | undefined
}

/**
 * Whether a secret is that of the client. It counts only where the portal file says that it comes, in the header or in the form; the
 * provider alone would take both. Who guesses is held up before anybody looks.
 */
export function weighSecrets(provider: Provider, { house, portal, clients, settings, current }: Parts): void {
  const { prototype } = provider.Client
  const { compareClientSecret } = prototype
  const guesses = openGuesses(house, portal)
  prototype.compareClientSecret = async function (this: Client, shown: string): Promise<boolean> {
    const context = current()
    if (!context) return false
    const sent = sentBy(context)
    if (sent !== this.clientAuthMethod) {
      house.log.warn(
        { portal: portal.id, client: this.clientId, sent: asInFile[sent] },
        'an application shows its secret elsewhere than said',
      )
      return false
    }
    const former = clients.get(this.clientId)?.formerSecret
    return guesses.weigh(this.clientId, settings.visitorOf(portal, context.req).address, async () => {
      const isFormer = former !== undefined && isSame(former, shown)
      return (await compareClientSecret.call(this, shown)) || isFormer
    })
  }
}

const sentBy = ({ oidc }: Context): keyof typeof asInFile => (oidc?.params?.client_secret ? 'client_secret_post' : 'client_secret_basic')

/** As `authentication` of the portal file calls it. */
const asInFile = { client_secret_basic: 'secret-basic', client_secret_post: 'secret-post' } as const

/*
 * A secret that is being changed: for as long as the one before it stands on the second line of its file, both are right. The servers of
 * an application cannot all change it in the same second.
 */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
