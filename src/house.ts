import { readFileSync } from 'node:fs'
import { systemClock } from './clock.ts'
import { type Config, readSecretFile } from './config.ts'
import { type Delivery, startDelivery } from './delivery/index.ts'
import { Fault } from './errors.ts'
import { type House, makePasswords } from './factors/index.ts'
import { openLog } from './log-volume.ts'
import { openVault } from './master-key.ts'
import { loadPortals, sentenceOf } from './portals/index.ts'
import { systemRandom } from './random.ts'
import { openStorage } from './storage/index.ts'

export interface OpenHouse extends House {
  close(): Promise<void>
}

/** Puts the house together once: portals, database, key, passwords. What is wrong is one fault that says what to do. */
export async function openHouse(config: Config, notify: () => void = () => undefined): Promise<OpenHouse> {
  // The first hash is made on a thread of its own while the rest is read and opened.
  const passwords = makePasswords(systemRandom, commonIn(config.commonPasswords))
  const { portals, problems } = loadPortals([config.portals].flat(), {
    address: config.address,
    applications: config.applications.address,
    environment: config.environment,
  })
  if (problems.length > 0) throw new Fault('config-refused', problems.map(sentenceOf).join('\n'))
  const storage = await openStorage(config.database)
  try {
    const vault = await openVault(config.masterKey.file, storage, systemRandom)
    const log = openLog()
    return {
      storage,
      vault,
      clock: systemClock,
      random: systemRandom,
      portals,
      passwords: await passwords,
      log,
      notify,
      close: () => storage.close(),
    }
  } catch (error) {
    await storage.close()
    throw error
  }
}

/** Sends what is in the outbox until it is closed. Start it after the pages: what waits there can wait a moment longer. */
export function openDelivery(house: House, { smtp, smpp }: Pick<Config, 'smtp' | 'smpp'>): Delivery {
  return startDelivery(house, {
    smtp: { ...smtp, password: passwordIn('smtp', smtp.passwordFile) },
    smpp: smpp && { ...smpp, password: smpp.password ?? passwordIn('smpp', smpp.passwordFile) },
  })
}

function commonIn(file: string | undefined): { common?: ReadonlySet<string> } {
  if (file === undefined) return {}
  try {
    return { common: new Set(readFileSync(file, 'utf8').toLowerCase().split(/\r?\n/).filter(Boolean)) }
  } catch (cause) {
    throw new Fault('config-refused', `commonPasswords: cannot read ${file}`, { cause })
  }
}

function passwordIn(key: 'smtp' | 'smpp', file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readSecretFile(file)
  } catch (cause) {
    throw new Fault('config-refused', `${key}.passwordFile: cannot read ${file}`, { cause })
  }
}
