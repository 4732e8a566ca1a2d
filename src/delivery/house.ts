import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Portal } from '../portals/index.ts'
import type { Random } from '../random.ts'
import type { Storage, Vault } from '../storage/index.ts'

/** What delivery needs of the house; the whole house fits. */
export interface DeliveryHouse {
  readonly storage: Storage
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly portals: ReadonlyMap<string, Portal>
  readonly log: Logger
}
