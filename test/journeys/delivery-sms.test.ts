import { describe, expect, test, vi } from 'vitest'
import { smpp } from '../../demo/catcher/smpp-package.ts'
import { septetsOf } from '../../src/delivery/index.ts'
import { openOutbox, pause, textsIn } from '../support/outbox.ts'

const soon = { timeout: 6000, interval: 20 }
const texting = { portal: 'koop-cam', channel: 'sms', template: 'S02' } as const
const states = (story: { events: readonly { state: string }[] }) => story.events.map((it) => it.state)

describe('a code by SMS', () => {
  test('arrives in one GSM-7 message from the sender of the portal, and the receipt says so', async () => {
    const { catcher, ask, start } = await openOutbox()
    const asked = await ask(texting)
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('delivered'), soon)
    const [sms] = textsIn(catcher)
    expect(sms).toMatchObject({ from: 'KOOPCAMP', to: '31612345678' })
    expect(sms?.sms).toMatchObject({
      sourceTon: 5,
      sourceNpi: 0,
      destTon: 1,
      destNpi: 1,
      encoding: 'gsm-7',
      registeredDelivery: 1,
      via: 'short_message',
    })
    expect(sms?.text).toBe(
      `${asked.digits}: hiermee stelt u de app in voor KOOP CAM. Geef deze code aan niemand. Kenmerk ${asked.reference}.\n@localhost #${asked.digits}`,
    )
    expect(septetsOf(sms?.text ?? '')).toBeLessThanOrEqual(160)
    expect((await asked.story()).events).toMatchObject([{ state: 'accepted' }, { state: 'delivered', code: 'DELIVRD' }])
  })

  test('without a receipt it is handed over, and no more is said', async () => {
    const { behave, ask, start } = await openOutbox()
    await behave({ smpp: 'no-receipt' })
    const asked = await ask(texting)
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
    expect(states(await asked.story())).toEqual(['accepted'])
  })

  test('that the phone company cannot deliver has failed, with its reason', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smpp: 'fail-receipt' })
    const asked = await ask(texting)
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('failed'), soon)
    expect(await asked.story()).toMatchObject({
      failure: 'unknown',
      events: [{ state: 'accepted' }, { state: 'failed', code: 'UNDELIV 001' }],
    })
    await pause(300)
    expect(textsIn(catcher)).toEqual([])
  })

  test('T150 that the centre refuses is refused; when it is busy we come back', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smpp: 'refuse' })
    const refused = await ask(texting)
    const delivery = start()
    await vi.waitFor(async () => expect((await refused.story()).state).toBe('refused'), soon)
    expect(await refused.story()).toMatchObject({ failure: 'no-reason', events: [{ code: 'ESME_RSUBMITFAIL' }] })
    await behave({ smpp: 'throttle' })
    const busy = await ask(texting)
    delivery.wake()
    await vi.waitFor(async () => expect((await busy.story()).events).toMatchObject([{ state: 'delayed', code: 'ESME_RTHROTTLED' }]), soon)
    await behave({})
    await vi.waitFor(async () => expect((await busy.story()).state).toBe('delivered'), soon)
    expect(textsIn(catcher)).toHaveLength(1)
  })

  test.each(['refuse-bind', 'closed', 'silent'] as const)(
    'waits while the centre is %s, and arrives once when it is back',
    async (mode) => {
      const { catcher, behave, ask, start } = await openOutbox()
      await behave({ smpp: mode })
      const asked = await ask(texting)
      start()
      await vi.waitFor(async () => expect((await asked.story()).trouble).toBeDefined(), soon)
      await behave({})
      await vi.waitFor(async () => expect((await asked.story()).state).toBe('delivered'), soon)
      expect(textsIn(catcher)).toHaveLength(1)
    },
  )

  test('T150 a line that broke in the middle of the day is made again', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    const before = await ask(texting)
    const delivery = start()
    await vi.waitFor(async () => expect((await before.story()).state).toBe('delivered'), soon)
    await behave({ smpp: 'closed' })
    await pause(100)
    const [during, ended] = [await ask(texting), await ask({ ...texting, lifeSeconds: 0.3 })]
    delivery.wake()
    await vi.waitFor(async () => expect((await during.story()).trouble).toBeDefined(), soon)
    await vi.waitFor(async () => expect((await ended.story()).state).toBe('too-late'), soon)
    await behave({})
    await vi.waitFor(async () => expect((await during.story()).state).toBe('delivered'), soon)
    expect(textsIn(catcher)).toHaveLength(2)
  })

  test('T130 T150 a centre that takes texts and never answers gets each at most twice', async () => {
    const { ask, config, start } = await openOutbox()
    const deaf = await deafCentre()
    const asked = await ask(texting)
    start({ smpp: { ...config.smpp, port: deaf.port } })
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('set-aside'), soon)
    await pause(500)
    expect(deaf.texts).toBe(2)
    await deaf.close()
  })

  test('T129 receipts for a message that is not ours, or that was settled, move nothing', async () => {
    const { catcher, house, behave, ask, start } = await openOutbox()
    await behave({ smpp: 'no-receipt' })
    const asked = await ask(texting)
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
    // Another client of the same centre: what it submits gives receipts on the bound line, for ids that are in no row.
    await behave({})
    await submitAsSomebody(catcher.ports.smpp)
    await vi.waitFor(() => expect(textsIn(catcher)).toHaveLength(2), soon)
    await pause(300)
    expect((await asked.story()).state).toBe('accepted')
    const rows = await house.storage.db.selectFrom('message_event').selectAll().execute()
    expect(rows).toHaveLength(1)
  })
})

function submitAsSomebody(port: number): Promise<void> {
  const session = smpp.connect({ host: '127.0.0.1', port })
  const text = { source_addr: 'X', destination_addr: '1', short_message: '<b>x</b>', registered_delivery: 1 }
  return new Promise((resolve) => {
    session.bind_transmitter({ system_id: 'sluis', password: 'x' }, () =>
      session.submit_sm(text, () => {
        session.destroy()
        resolve()
      }),
    )
  })
}

/** Binds, answers enquire_link, takes every submit_sm and says nothing. */
async function deafCentre() {
  const { createServer } = await import('node:net')
  const centre = { texts: 0, port: 0, close: async () => void server.close() }
  const server = createServer((socket) => {
    const session = new smpp.Session({ socket })
    session.on('error', () => undefined)
    session.on('pdu', (pdu) => {
      if (pdu.command === 'submit_sm') centre.texts++
      else if (!pdu.isResponse()) session.send(pdu.response())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  centre.port = (server.address() as { port: number }).port
  return centre
}
