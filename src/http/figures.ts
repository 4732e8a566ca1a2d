import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { figures } from '../audit/index.ts'
import { budgetOf, type House } from '../factors/index.ts'
import { takenOf, waitingMessages } from '../storage/index.ts'

export interface Figures {
  readonly type: string
  text(): Promise<string>
  close(): void
}

/**
 * What /metrics tells. Labels are event and reason names of our own lists and the portals of the configuration: nothing that a stranger
 * sends becomes a label, so the number of series is fixed.
 */
export function openFigures(house: House): Figures {
  const registry = new Registry()
  const registers = [registry]
  const { db } = house.storage
  collectDefaultMetrics({ register: registry })
  const events = new Counter({
    name: 'sluis_events_total',
    help: 'What happened, by the names of docs/events.md.',
    labelNames: ['portal', 'event', 'reason'],
    registers,
  })
  const leftOut = new Counter({
    name: 'sluis_events_left_out_total',
    help: 'Refusals that were not written down: too many of their kind.',
    labelNames: ['portal', 'event'],
    registers,
  })
  const close = figures.listen(({ portal, event, reason = '', isLeftOut }) => {
    if (isLeftOut) leftOut.inc({ portal, event })
    else events.inc({ portal, event, reason })
  })
  new Gauge({
    name: 'sluis_passwords_waiting',
    help: 'Passwords that wait to be checked.',
    registers,
    collect() {
      this.set(house.passwords.waiting)
    },
  })
  new Gauge({
    name: 'sluis_outbox_waiting',
    help: 'Messages that have not left.',
    labelNames: ['channel'],
    registers,
    async collect() {
      for (const channel of ['email', 'sms'] as const) this.set({ channel }, await waitingMessages(db, channel))
    },
  })
  new Gauge({
    name: 'sluis_sent',
    help: 'Messages with a code or a link in the running window: a day for text messages, an hour for mail.',
    labelNames: ['portal', 'channel'],
    registers,
    async collect() {
      for (const [portal, channel, { key, windowSeconds }] of budgets())
        this.set({ portal, channel }, await takenOf(db, key, windowSeconds, house.clock.now()))
    },
  })
  new Gauge({
    name: 'sluis_sent_limit',
    help: 'How many of them the portal file allows.',
    labelNames: ['portal', 'channel'],
    registers,
    collect() {
      for (const [portal, channel, { most }] of budgets()) this.set({ portal, channel }, most)
    },
  })
  const budgets = () =>
    [...house.portals.values()].flatMap((portal) =>
      (['email', ...(portal.sms ? (['sms'] as const) : [])] as const).map(
        (channel) => [portal.id, channel, budgetOf(portal, channel)] as const,
      ),
    )
  return { type: registry.contentType, text: () => registry.metrics(), close }
}
