import { once } from 'node:events'
import { connect } from 'node:net'
import nodemailer from 'nodemailer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Catcher, changed, goodBehaviour, startCatcher } from './index.ts'
import { type Pdu, type SmppSession, smpp } from './smpp-package.ts'

const free = { smtp: 0, smpp: 0, inbox: 0 }
let catcher: Catcher
let now = Date.UTC(2026, 10, 24, 13, 35)
beforeEach(async () => {
  catcher = await startCatcher({ clock: () => now, ports: free })
})
afterEach(() => catcher.close())

const at = (path: string) => `http://localhost:${catcher.ports.inbox}${path}`
const messages = async () => (await (await fetch(at('/api/messages'))).json()) as Record<string, unknown>[]
const behave = (wanted: object) => fetch(at('/api/behaviour'), { method: 'POST', body: JSON.stringify(wanted) })
const send = (mail: object = {}) =>
  nodemailer.createTransport({ host: '127.0.0.1', port: catcher.ports.smtp, greetingTimeout: 500, socketTimeout: 5000 }).sendMail({
    from: '"C-point" <noreply@c-point.test>',
    to: 'anna@haven.test',
    subject: 'Één code',
    text: '123456',
    html: '<b>123456</b>',
    ...mail,
  })

describe('the mail server', () => {
  test('a mail that nodemailer sent is in the inbox, in the words of the outside contract', async () => {
    await send({ headers: { 'Auto-Submitted': 'auto-generated' } })
    const [message] = await messages()
    expect(message).toMatchObject({
      kind: 'mail',
      from: 'noreply@c-point.test',
      to: 'anna@haven.test',
      subject: 'Één code',
      text: expect.stringContaining('123456'),
      html: expect.stringContaining('<b>123456</b>'),
      receivedAt: '2026-11-24T13:35:00.000Z',
      envelope: { from: 'noreply@c-point.test', to: ['anna@haven.test'] },
    })
    expect(message).toHaveProperty(['headers', 'auto-submitted'], 'auto-generated')
    const whole = (await (await fetch(at(`/api/messages/${message?.id}`))).json()) as { raw: string }
    expect(whole.raw).toMatch(/^MIME-Version: 1.0\r$/m)
  })

  test('the newest mail comes first, and DELETE empties the inbox', async () => {
    await send({ subject: 'eerst' })
    now += 1000
    await send({ subject: 'daarna' })
    expect((await messages()).map((message) => message.subject)).toEqual(['daarna', 'eerst'])
    expect((await fetch(at('/api/messages'), { method: 'DELETE' })).status).toBe(204)
    expect(await messages()).toEqual([])
  })

  test.each([
    ['451', 'RCPT TO', 451],
    ['550', 'RCPT TO', 550],
    ['451-data', 'DATA', 451],
    ['550-data', 'DATA', 550],
  ])('told to answer %s it does so to %s, and keeps nothing', async (smtp, command, responseCode) => {
    expect((await behave({ smtp })).status).toBe(200)
    await expect(send()).rejects.toMatchObject({ responseCode, command })
    expect(await messages()).toEqual([])
  })

  test('a silent mail server takes the connection and says nothing', async () => {
    await behave({ smtp: 'silent' })
    await expect(send()).rejects.toMatchObject({ code: 'ETIMEDOUT', message: expect.stringMatching(/greeting/i) })
  })

  test('a closed mail server listens to nobody, and comes back on the same port', async () => {
    await behave({ smtp: 'closed' })
    await expect(send()).rejects.toMatchObject({ code: 'ESOCKET', message: expect.stringContaining('ECONNREFUSED') })
    await behave({ smtp: 'accept' })
    await send()
    expect(await messages()).toHaveLength(1)
  })

  test('a slow mail server takes the mail late', async () => {
    await behave({ smtp: 'slow', slowSeconds: 0.05 })
    await send()
    expect(await messages()).toHaveLength(1)
  })
})

describe('the SMS centre', () => {
  test.each([
    ['GSM-7', 'KOOPCAMP: uw SMS-code is 123456 @ €5 è', 'gsm-7'],
    ['UCS-2', 'Ваш код 123456 ✓', 'ucs-2'],
  ])('a text in %s arrives as it was sent, from an alphanumeric sender', async (_name, text, encoding) => {
    const session = await bound()
    const answer = await submit(session, { short_message: text })
    expect(answer.command_status).toBe(0)
    expect(answer.message_id).not.toBe('')
    expect(await messages()).toMatchObject([
      {
        kind: 'sms',
        from: 'KOOPCAMP',
        to: '31612345678',
        subject: '',
        text,
        html: '',
        smpp: { sourceTon: 5, encoding, smppId: answer.message_id },
      },
    ])
  })

  test('a text in message_payload is read too', async () => {
    const session = await bound()
    await submit(session, { message_payload: 'x'.repeat(300) })
    expect(await messages()).toMatchObject([{ text: 'x'.repeat(300), smpp: { via: 'message_payload' } }])
  })

  test('a receipt follows when it was asked for, with the id of the answer', async () => {
    const session = await bound()
    const receipt = nextReceipt(session)
    const answer = await submit(session, { short_message: '123456', registered_delivery: 1 })
    const text = contentOf(await receipt)
    expect(text).toContain(`id:${answer.message_id} `)
    expect(text).toContain('stat:DELIVRD')
    expect(text).not.toContain('123456')
  })

  test('a receipt that found nobody bound waits for the next session', async () => {
    const transmitter = await bound('bind_transmitter')
    const answer = await submit(transmitter, { short_message: '123456', registered_delivery: 1 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    const session = open()
    const receipt = nextReceipt(session)
    session.bind_transceiver({ system_id: 'sluis', password: 'x' })
    expect(contentOf(await receipt)).toContain(`id:${answer.message_id} `)
  })

  test('a delivery that fails says UNDELIV and leaves nothing in the inbox', async () => {
    await behave({ smpp: 'fail-receipt' })
    const session = await bound()
    const receipt = nextReceipt(session)
    await submit(session, { short_message: '123456', registered_delivery: 1 })
    expect(contentOf(await receipt)).toContain('stat:UNDELIV')
    expect(await messages()).toEqual([])
  })

  test('told to, it refuses a message, a bind, or never sends a receipt', async () => {
    const session = await bound()
    await behave({ smpp: 'refuse' })
    expect((await submit(session, { short_message: 'x' })).command_status).toBe(smpp.errors.ESME_RSUBMITFAIL)
    await behave({ smpp: 'no-receipt' })
    let receipts = 0
    session.on('deliver_sm', () => receipts++)
    await submit(session, { short_message: 'x', registered_delivery: 1 })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(receipts).toBe(0)
    await behave({ smpp: 'refuse-bind' })
    await expect(bound()).rejects.toThrow(String(smpp.errors.ESME_RINVPASWD))
  })

  test('a message before any bind is refused, and enquire_link is answered', async () => {
    const session = open()
    await once(session, 'connect')
    expect((await submit(session, { short_message: 'x' })).command_status).toBe(smpp.errors.ESME_RINVBNDSTS)
    expect((await new Promise<Pdu>((resolve) => session.enquire_link(resolve))).command).toBe('enquire_link_resp')
  })

  test('rubbish on the line ends that line alone', async () => {
    const rubbish = connect(catcher.ports.smpp, '127.0.0.1')
    rubbish.on('error', () => {})
    rubbish.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    await once(rubbish, 'close')
    const session = await bound()
    expect((await submit(session, { short_message: 'nog hier' })).command_status).toBe(0)
  })
})

describe('the api', () => {
  test('a behaviour that does not exist is refused with the choices, and changes nothing', async () => {
    const answer = await behave({ smtp: 'explode' })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(await answer.json())).toContain('451')
    expect(changed(goodBehaviour, { __proto__: null, smpp: 'constructor' })).toHaveProperty('refused')
    await send()
    expect(await messages()).toHaveLength(1)
  })

  test('a page of another origin cannot empty the inbox, nor reach it under another name', async () => {
    await send()
    const elsewhere = await fetch(at('/api/messages'), { method: 'DELETE', headers: { origin: 'https://evil.example' } })
    expect(elsewhere.status).toBe(403)
    expect(await messages()).toHaveLength(1)
    expect(await statusFor('evil.example')).toBe('421')
    expect(await statusFor('localhost')).toBe('200')
  })

  test('the port of a running catcher is told as taken', async () => {
    await expect(startCatcher({ clock: () => now, ports: { ...free, smpp: catcher.ports.smpp } })).rejects.toMatchObject({
      name: 'PortTaken',
      port: catcher.ports.smpp,
    })
  })
})

async function statusFor(host: string): Promise<string | undefined> {
  const socket = connect(catcher.ports.inbox, '127.0.0.1')
  socket.write(`GET /api/messages HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  const [first] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return first.toString().split(' ')[1]
}

const open = () => {
  const session = smpp.connect({ host: '127.0.0.1', port: catcher.ports.smpp })
  session.on('error', () => {})
  return session
}

const bound = (kind: 'bind_transceiver' | 'bind_transmitter' = 'bind_transceiver') =>
  new Promise<SmppSession>((resolve, reject) => {
    const session = open()
    session[kind]({ system_id: 'sluis', password: 'x' }, (pdu) =>
      pdu.command_status === 0 ? resolve(session) : reject(new Error(String(pdu.command_status))),
    )
  })

const submit = (session: SmppSession, message: object) =>
  new Promise<Pdu>((resolve) =>
    session.submit_sm(
      {
        source_addr_ton: 5,
        source_addr_npi: 0,
        source_addr: 'KOOPCAMP',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: '31612345678',
        ...message,
      },
      resolve,
    ),
  )

const nextReceipt = (session: SmppSession) =>
  new Promise<Pdu>((resolve) =>
    session.on('deliver_sm', (pdu: Pdu) => {
      session.send(pdu.response())
      resolve(pdu)
    }),
  )

const contentOf = (pdu: Pdu) => (pdu.short_message as { message: string }).message
