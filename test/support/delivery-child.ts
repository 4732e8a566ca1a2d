/*
 * The worker as a process of its own, so that a test can kill it: node test/support/delivery-child.ts DATABASE SMTP_PORT SMPP_PORT.
 * Its log goes to standard output.
 */
import { join } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '../../src/clock.ts'
import { startDelivery } from '../../src/delivery/index.ts'
import { loadPortals } from '../../src/portals/index.ts'
import { systemRandom } from '../../src/random.ts'
import { makeVault, openStorage } from '../../src/storage/index.ts'

const [database = '', smtpPort, smppPort] = process.argv.slice(2)
const { portals } = loadPortals([join(import.meta.dirname, '..', '..', 'portals')], {
  address: 'http://localhost:8080',
  applications: 'http://localhost:8090',
})
const storage = await openStorage(database)
const house = {
  storage,
  vault: makeVault(Buffer.alloc(32, 7), systemRandom),
  clock: systemClock,
  random: systemRandom,
  portals,
  log: pino(),
}
startDelivery(house, {
  smtp: { host: '127.0.0.1', port: Number(smtpPort), secure: 'none' },
  smpp: { host: '127.0.0.1', port: Number(smppPort), secure: 'none', systemId: 'sluis' },
  pace: { retrySeconds: [0.1, 0.2, 0.3], lookSeconds: 0.1, leaseSeconds: 2 },
})
