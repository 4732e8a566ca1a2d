import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Portal } from '../portals/index.ts'
import type { Random } from '../random.ts'
import type { Storage, Vault } from '../storage/index.ts'
import type { Passwords } from './passwords.ts'

/** What main.ts puts together once and every story is told with. */
export interface House {
  readonly storage: Storage
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly portals: ReadonlyMap<string, Portal>
  readonly passwords: Passwords
  readonly log: Logger
  /** Wakes the delivery worker: a message waits in the outbox. */
  notify(): void
}
