import { SMTPServer } from 'smtp-server'
import { describe, expect, test, vi } from 'vitest'
import { stateOf } from '../../src/delivery/index.ts'
import { endCodes } from '../../src/storage/index.ts'
import { type Asked, mailsIn, openOutbox, pause, quick } from '../support/outbox.ts'
import { noPostgres } from '../support/postgres.ts'

const soon = { timeout: 6000, interval: 20 }
const states = (story: { events: readonly { state: string }[] }) => story.events.map((it) => it.state)

describe.each(['sqlite', 'postgres'] as const)('a code by mail, on %s', (engine) => {
  test.skipIf(engine === 'postgres' && noPostgres)('arrives at the one stored address, the six digits alone on line one', async () => {
    const { catcher, house, ask, start, logged } = await openOutbox(engine)
    const asked = await ask({ address: 'anna@haven.test', name: 'apeeters' })
    expect(await stateOf(house.storage.db, asked.code)).toBeUndefined()
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
    const [mail] = mailsIn(catcher)
    expect(mail?.text.split('\n')[0]?.trim()).toBe(asked.digits)
    expect(mail?.mail?.envelope).toEqual({ from: 'noreply@c-point.be', to: ['anna@haven.test'] })
    expect(mail?.subject).toBe(`Je verificatiecode voor C-point, kenmerk ${asked.reference}`)
    expect(mail?.mail?.headers).toMatchObject({
      from: '"C-point" <noreply@c-point.be>',
      to: 'anna@haven.test',
      'reply-to': 'support@c-point.be',
      'auto-submitted': 'auto-generated',
      'content-language': 'nl',
      'message-id': `<${asked.message}@c-point.be>`,
    })
    expect(mail?.html).toMatch(new RegExp(`<p style="[^"]*font-size:32px[^"]*">${asked.digits}</p>`))
    expect(await asked.story()).toMatchObject({
      domain: 'haven.test',
      reference: asked.reference,
      events: [{ state: 'accepted', code: '250' }],
    })
    expect(await stateOf(house.storage.db, asked.code)).toMatchObject({ state: 'accepted', sentAt: expect.any(Number) })
    const rows = JSON.stringify([await house.storage.db.selectFrom('message').selectAll().execute(), logged])
    expect(rows).not.toContain(asked.digits)
    expect(logged.join()).not.toMatch(/haven\.test|apeeters/)
  })

  test.skipIf(engine === 'postgres' && noPostgres)('T130 is sent once when two workers look at one outbox', async () => {
    const { catcher, ask, start, startAnother } = await openOutbox(engine)
    const all = []
    for (let it = 0; it < 12; it++) all.push(await ask({ address: `u${it}@d${it}.test` }))
    start()
    await startAnother()
    await vi.waitFor(() => expect(mailsIn(catcher).length).toBeGreaterThanOrEqual(12), soon)
    await pause(300)
    expect(new Set(mailsIn(catcher).map((it) => it.to)).size).toBe(12)
    expect(mailsIn(catcher)).toHaveLength(12)
    for (const asked of all) expect((await asked.story()).state).toBe('accepted')
  })

  test.skipIf(engine === 'postgres' && noPostgres)('T150 waits while nobody listens, says since when, and arrives once', async () => {
    const { catcher, behave, ask, start } = await openOutbox(engine)
    await behave({ smtp: 'closed' })
    const asked = await ask()
    start()
    await vi.waitFor(async () => expect((await asked.story()).trouble).toBeDefined(), soon)
    const { trouble } = await asked.story()
    await pause(500)
    // The same trouble over and over is one line, and 'since' stays what it was.
    expect(await asked.story()).toMatchObject({ state: 'queued', trouble: { since: trouble?.since }, events: [{ state: 'no-connection' }] })
    await behave({ smtp: 'accept' })
    await vi.waitFor(async () => expect(states(await asked.story())).toEqual(['no-connection', 'accepted']), soon)
    await pause(300)
    expect(mailsIn(catcher)).toHaveLength(1)
  })

  test.skipIf(engine === 'postgres' && noPostgres)(
    'T130 T150 that ended in the outbox, or was used or withdrawn, is never sent',
    async () => {
      const { catcher, house, behave, ask, start } = await openOutbox(engine)
      await behave({ smtp: 'closed' })
      const [ended, withdrawn] = [await ask({ lifeSeconds: 0.8 }), await ask()]
      const delivery = start()
      await vi.waitFor(async () => expect((await withdrawn.story()).trouble).toBeDefined(), soon)
      await house.storage.inTransaction((tx) => endCodes(tx, withdrawn.attempt, 'sign-in', Date.now()))
      await vi.waitFor(async () => expect((await ended.story()).state).toBe('too-late'), soon)
      await vi.waitFor(async () => expect((await withdrawn.story()).state).toBe('too-late'), soon)
      await behave({ smtp: 'accept' })
      delivery.wake()
      await pause(400)
      expect(mailsIn(catcher)).toEqual([])
    },
  )
})

describe('T150 a mail server in trouble', () => {
  test('451 at the recipient, then accepted: asked to come back, and the mail arrives', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smtp: '451' })
    const asked = await ask()
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('delayed'), soon)
    expect((await asked.story()).events).toMatchObject([
      { state: 'delayed', code: '451', said: '4.3.0 Try again later', nextAt: expect.any(Number) },
    ])
    await behave({})
    await vi.waitFor(async () => expect(states(await asked.story())).toEqual(['delayed', 'accepted']), soon)
    expect(mailsIn(catcher)).toHaveLength(1)
  })

  test('451 after the whole text, many times: a no takes the sending back, so the mail still leaves', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smtp: '451-data' })
    const asked = await ask()
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('delayed'), soon)
    await pause(1000)
    await behave({})
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
    expect(mailsIn(catcher)).toHaveLength(1)
  })

  test.each(['550', '550-data'] as const)('%s: refused, with its reason, and not tried again', async (smtp) => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smtp })
    const asked = await ask()
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('refused'), soon)
    await behave({})
    await pause(500)
    expect((await asked.story()).events).toMatchObject([{ state: 'refused', code: '550', said: '5.1.1 No such mailbox here' }])
    expect(mailsIn(catcher)).toEqual([])
  })

  test('a silent server is given up and tried again', async () => {
    const { behave, ask, start } = await openOutbox()
    await behave({ smtp: 'silent' })
    const asked = await ask()
    start()
    await vi.waitFor(async () => expect((await asked.story()).events).toMatchObject([{ state: 'no-connection', code: 'ETIMEDOUT' }]), soon)
    await behave({})
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
  })

  test('what waited goes as soon as one mail gets through again, and at a restart', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    const patient = { pace: { ...quick.pace, retrySeconds: [60, 60, 60] as const } }
    const waits = async (asked: Asked) => expect((await asked.story()).trouble?.nextAt).toBeGreaterThan(Date.now() + 30_000)
    await behave({ smtp: 'closed' })
    const [first, second] = [await ask({ address: 'a@een.test' }), await ask({ address: 'b@twee.test' })]
    const delivery = start(patient)
    for (const asked of [first, second]) await vi.waitFor(() => waits(asked), soon)
    await behave({})
    const third = await ask({ address: 'c@drie.test' })
    delivery.wake()
    for (const asked of [first, second, third]) await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)

    await behave({ smtp: 'closed' })
    const fourth = await ask({ address: 'd@vier.test' })
    delivery.wake()
    await vi.waitFor(() => waits(fourth), soon)
    await delivery.close()
    await behave({})
    start(patient)
    await vi.waitFor(async () => expect((await fourth.story()).state).toBe('accepted'), soon)
    expect(mailsIn(catcher)).toHaveLength(4)
  })

  test('a slow server gets its time, and no text after the life of the code', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smtp: 'slow', slowSeconds: 0.3 })
    // Greeting, MAIL and RCPT take a second: one code lives longer, the other ends just before its text would leave.
    const [lasting, ended] = [await ask({ address: 'a@een.test' }), await ask({ address: 'b@twee.test', lifeSeconds: 0.7 })]
    start()
    await vi.waitFor(async () => expect((await lasting.story()).state).toBe('accepted'), soon)
    await vi.waitFor(async () => expect((await ended.story()).state).toBe('too-late'), soon)
    expect(mailsIn(catcher).map((it) => it.to)).toEqual(['a@een.test'])
  })

  test('T132 one whose certificate nobody vouches for gets neither the text nor our password', async () => {
    const heard: string[] = []
    const server = new SMTPServer({
      onAuth: (auth, _, done) => done(null, { user: heard.push(`password ${auth.password}`) }),
      onData: () => heard.push('text'),
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { ask, start } = await openOutbox()
    const asked = await ask()
    const { port } = server.server.address() as { port: number }
    start({ smtp: { host: '127.0.0.1', port, secure: 'starttls', user: 'sluis', password: 'geheim' } })
    await vi.waitFor(async () => expect((await asked.story()).trouble).toBeDefined(), soon)
    expect(heard).toEqual([])
    server.close()
  })
})
