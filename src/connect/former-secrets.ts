import { createHash, timingSafeEqual } from 'node:crypto'
import type { Client, Provider } from 'oidc-provider'
import type { ClientOf } from './clients.ts'

/**
 * A secret that is being changed: for as long as the one before it stands on the second line of its file, both are right. The servers of
 * an application cannot all change it in the same second.
 */
export function believeFormerSecrets(provider: Provider, clients: ReadonlyMap<string, ClientOf>): void {
  const { prototype } = provider.Client
  const { compareClientSecret } = prototype
  prototype.compareClientSecret = async function (this: Client, shown: string): Promise<boolean> {
    const former = clients.get(this.clientId)?.formerSecret
    const isFormer = former !== undefined && isSame(former, shown)
    return (await compareClientSecret.call(this, shown)) || isFormer
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
