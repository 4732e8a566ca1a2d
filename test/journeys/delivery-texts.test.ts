import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { cleaned, enqueue, renderMail, renderSms, septetsOf, startDelivery, textProblems } from '../../src/delivery/index.ts'
import { loadPortals, type Portal } from '../../src/portals/index.ts'
import { systemRandom } from '../../src/random.ts'
import type { CodeRow, MessageRow } from '../../src/storage/index.ts'
import { mailsIn, openOutbox } from '../support/outbox.ts'

const shipped = join(import.meta.dirname, '..', '..', 'portals')
const folders: string[] = []
afterAll(() => folders.forEach((it) => void rmSync(it, { recursive: true })))
const soon = { timeout: 6000, interval: 20 }
const now = Date.UTC(2026, 10, 24, 22, 50)
const portals = [
  ...loadPortals([shipped], { address: 'https://aanmelden.voorbeeld.be', applications: 'http://localhost:8090' }).portals.values(),
]

function makingOf(portal: Portal, template: string, language: string, code = true, facts: object = {}) {
  const channel = template.startsWith('S') ? 'sms' : 'email'
  const address = channel === 'sms' ? '+32470123456' : 'anna@haven.test'
  const message = {
    id: 'm1',
    template,
    channel,
    address,
    language,
    number: 'BCDF2346',
    facts: JSON.stringify(facts),
    created_at: now,
    ends_at: now + 599_000,
  }
  const row = { reference: 'W7K', ends_at: now + 599_000 } as CodeRow
  return { message: message as MessageRow, portal, code: code ? { row, digits: '048213' } : undefined, now }
}

describe('T128 the texts of every shipped portal', () => {
  const all = portals.flatMap((portal) => portal.languages.map((language) => [portal.id, language, portal] as const))

  test.each(all.filter(([, , portal]) => portal.sms))(
    '%s, %s: each SMS is one message that ends with our host and the code',
    (_, language, portal) => {
      for (const template of ['S01', 'S02', 'S03']) {
        const { text, sender } = renderSms(makingOf(portal, template, language))
        expect(septetsOf(text), text).toBeLessThanOrEqual(160)
        expect(text.split('\n').at(-1)).toBe('@aanmelden.voorbeeld.be #048213')
        expect(sender).toMatch(/^\w{1,11}$/)
      }
    },
  )

  test.each(all)('%s, %s: a code mail begins with the code and holds no link, no name and no other digits', (_, language, portal) => {
    for (const template of ['M01', 'M02', 'M03']) {
      const { subject, text, html, ...headers } = renderMail(makingOf(portal, template, language))
      const ours = language === 'nl' ? 'nl' : 'en'
      expect(text.split('\n')[0]).toBe('048213')
      expect(subject).toContain('W7K')
      expect(subject).not.toContain('048213')
      expect(text).toContain(ours === 'nl' ? '23.59\u00a0uur' : '23:59')
      expect(`${text}${html}`).not.toMatch(/https?:|www\.|@|<a |<img|\{|\[/)
      expect(html).toContain(`<html lang="${ours}" dir="ltr">`)
      expect(html.length).toBeLessThan(20_000)
      expect(headers).toMatchObject({ to: 'anna@haven.test', language: ours, from: { name: portal.name, address: portal.mail.from } })
      // Whatever the plain text says, the HTML says.
      for (const paragraph of text.trim().split('\n\n')) expect(html).toContain(paragraph.replaceAll('&', '&amp;'))
    }
  })

  const [later, device] = [now + 900_000, { browser: 'Firefox', system: 'Windows' }]
  const happenings = [
    ['M05', { notice: 'method-added', method: 'totp', boundAt: now }],
    ['M06', { notice: 'method-removed', method: 'sms', boundAt: now, isLast: true }],
    ['M07', { notice: 'method-replacing', method: 'totp', boundAt: now, oldEndsAt: later }],
    ['M07', { notice: 'method-replaced', method: 'totp', boundAt: now, undoUntil: later }],
    ['M08', { notice: 'password-changed', mailCodeAgainAt: later }],
    ['M08', { notice: 'password-changed', isStillIn: true }],
    ['M09', { notice: 'new-browser' }],
    ['M10', { notice: 'half-finished' }],
    ['M11b', { notice: 'email-changed', undoUntil: later }],
    ['M12', { notice: 'phone-changed', lastTwo: '78' }],
    ['M13c', { notice: 'recovered' }],
    ['M16', { notice: 'protected', pausedUntil: later }],
    ['M16', { notice: 'protected', disabled: 'totp' }],
    ['M16', { notice: 'protected', newPassword: true }],
    ['M16', { notice: 'protected', guessed: 'password' }],
    ['M18', { notice: 'browser-copied' }],
    ['M19', { notice: 'enrolment-restarted' }],
  ] as const

  test.each(all)(
    '%s, %s: a notice tells what happened and when, with one link alone on its line, and whom to ask',
    (_, language, portal) => {
      for (const [template, happening] of happenings) {
        const facts = { told: [{ ...happening, at: now, device }], link: 'x' }
        const making = { ...makingOf(portal, template, language, false, facts), linkToken: 'abcdefghjkmnpq' }
        const { subject, text, html } = renderMail(making)
        const link = `${portal.address}/not-me?t=abcdefghjkmnpq`
        expect(text.split('\n').filter((it) => it.includes('not-me'))).toEqual([link])
        expect(html.match(/<a [^>]*>[^<]*<\/a>/g)).toEqual([`<a href="${link}">${link}</a>`])
        expect(text).toContain('BCDF2346')
        // Who it is from stands on top, under the colour of the portal; what helps to check and to ask stands apart, below.
        expect(html).toContain(`border-bottom:6px solid ${portal.theme.colour}">${portal.name}</h1>`)
        expect(html).toMatch(/<div style="[^"]*border-top[^"]*">(?:(?!<\/div>).)*BCDF2346/)
        expect(`${subject}${text}`).not.toMatch(/[{}[\]]|undefined|anna/)
        expect(text.includes('Firefox'), template).toBe(happening.notice !== 'method-replaced')
        for (const paragraph of text
          .trim()
          .split('\n\n')
          .filter((it) => !it.includes('\n')))
          expect(html).toContain(paragraph.replaceAll('&', '&amp;'))
      }
    },
  )

  test.each(all)('%s, %s: the link for a new password can be followed, and is shown whole', (_, language, portal) => {
    const resetUrl = `${portal.address}/password/new?t=abcdefghjkmnpqrstuvw`
    const { text, html } = renderMail({ ...makingOf(portal, 'M04', language, false, { link: 'x', until: now }), resetUrl })
    expect(text.split('\n')).toContain(resetUrl)
    expect(html.match(/<a [^>]*>[^<]*<\/a>/g)).toEqual([`<a href="${resetUrl}">${resetUrl}</a>`])
  })

  test('what is new for an address holds no link; what happened within an hour stands in one mail', () => {
    const portal = portals[0] as Portal
    const [confirmed, added] = [
      { notice: 'email-confirmed', at: now },
      { notice: 'method-added', method: 'totp', boundAt: now, at: now },
    ]
    expect(renderMail(makingOf(portal, 'M11c', 'nl', false, { told: [confirmed] })).text).not.toMatch(/not-me|Wanneer/)
    const two = { told: [added, { ...added, method: 'sms', at: now + 60_000 }], link: 'x' }
    const { text } = renderMail({ ...makingOf(portal, 'M05', 'nl', false, two), linkToken: 'abc' })
    expect(text.match(/methode toegevoegd aan je account: (authenticator-app|sms)/g)).toHaveLength(2)
    expect(text.match(/Wanneer: /g)).toHaveLength(2)
    expect(text.match(/not-me/g)).toHaveLength(1)
  })

  test.each(all.filter(([, , portal]) => portal.sms))(
    '%s, %s: a text message that is a notice is one message with a short address',
    (_, language, portal) => {
      for (const template of ['S04', 'S06']) {
        const making = { ...makingOf(portal, template, language, false, { told: [], link: 'x' }), linkToken: 'abcdefghjkmnpq' }
        const { text } = renderSms(making)
        expect(septetsOf(text), text).toBeLessThanOrEqual(160)
        expect(text.endsWith(` ${portal.address}/n?abcdefghjkmnpq`)).toBe(true)
        const home = { ...portal, address: `http://localhost:8080/${portal.id}` }
        expect(
          renderSms({ ...making, portal: home })
            .text.split(' ')
            .at(-1)?.length,
        ).toBeLessThanOrEqual(48)
      }
    },
  )

  test('what stands in parentheses goes first when a text gets too long, and a name that never fits is told at the start', () => {
    const portal = portals.find((it) => it.sms) as Portal
    const long = {
      ...portal,
      sms: { ...portal.sms, name: 'Dienstverlening!' },
      address: 'https://aanmelden.alle-vergunningen-en-diensten.nl',
    } as Portal
    expect(renderSms(makingOf(long, 'S01', 'nl')).text).not.toContain('W7K')
    const never = { ...long, address: `https://${'a'.repeat(60)}.nl` }
    expect(textProblems([long], now)).toEqual([])
    expect(textProblems([never], now).join()).toMatch(/S03 \(nl\) takes \d+ of 160 places/)
  })
})

describe('what strangers put into names and addresses', () => {
  const payloads = [
    'anna@haven.test\r\nBcc: evil@e.test',
    'anna@haven.test, evil@e.test',
    '<evil@e.test> anna@haven.test',
    'anna@haven.test>\r\nRCPT TO:<evil@e.test',
    'a\0b@haven.test',
    'anna@haven.test;evil@e.test',
  ]

  test('T124: an address that could be read as two is never handed over', async () => {
    const { catcher, ask, start } = await openOutbox()
    const all = []
    for (const address of payloads) all.push(await ask({ address }))
    const good = await ask({ name: 'x\r\nBcc: evil@e.test' })
    start()
    await vi.waitFor(async () => expect((await good.story()).state).toBe('accepted'), soon)
    for (const asked of all) await vi.waitFor(async () => expect((await asked.story()).state).toBe('set-aside'), soon)
    expect(mailsIn(catcher).map((it) => it.mail?.envelope.to)).toEqual([['anna@haven.test']])
  })

  test('T124: a portal whose name holds line ends and markup sends the usual headers to the usual receiver', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluis-portals-'))
    folders.push(folder)
    cpSync(shipped, folder, { recursive: true })
    const file = join(folder, 'c-point.yaml')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('name: C-point\n', 'name: "<b>C</b>\\r\\nBcc: evil@e.test\\r\\n.\\r\\n\\r\\nx"\n'),
    )
    const { catcher, ask, start } = await openOutbox('sqlite', undefined, folder)
    const asked = await ask()
    start()
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
    const [mail] = mailsIn(catcher)
    expect(mail?.mail?.envelope.to).toEqual(['anna@haven.test'])
    expect(Object.keys(mail?.mail?.headers ?? {})).not.toContain('bcc')
    expect(mail?.text.split('\n')[0]?.trim()).toBe(asked.digits)
    expect(mail?.html).toContain('&lt;b>C')
    expect(mail?.html).not.toContain('<b>')
  })

  test('T130 a row that becomes no text is set aside, and the others go on', async () => {
    const { catcher, house, ask, start } = await openOutbox()
    const [poison, good] = [await ask({ template: 'M99' }), await ask()]
    const notice = {
      portal: 'c-point',
      template: 'M16',
      channel: 'email',
      accountId: (await house.storage.db.selectFrom('account').select('id').executeTakeFirstOrThrow()).id,
      codeId: null,
      address: 'anna@haven.test',
      language: 'nl',
      facts: { told: [{ notice: 'protected', pausedUntil: Date.now() + 900_000, at: Date.now() }] },
      endsAt: Date.now() + 60_000,
    } as const
    await house.storage.inTransaction((tx) => enqueue(tx, notice, systemRandom, Date.now()))
    start()
    await vi.waitFor(async () => expect((await good.story()).state).toBe('accepted'), soon)
    await vi.waitFor(() => expect(mailsIn(catcher).map((it) => it.subject)).toContain('Je account bij C-point is beschermd'), soon)
    expect(await poison.story()).toMatchObject({ state: 'set-aside', events: [{ code: 'unrenderable' }] })
  })
})

describe('other servers', () => {
  test.each([
    ['<anna@haven.test>: Recipient address rejected, see https://evil.example/x?a=1', '…: Recipient address rejected, see …'],
    ['user ANNA unknown; code 048213 or 048 213 seen\r\n<script>', 'user … unknown; code … or … seen <script>'],
    ['x'.repeat(500), 'x'.repeat(200)],
  ])('T131 their answer %s is kept without addresses, links, names and codes', (said, kept) =>
    expect(cleaned(said, 'anna@haven.test')).toBe(kept),
  )

  test('T132 without TLS only a server on this machine is spoken to', async () => {
    const { house, config } = await openOutbox()
    const far = (change: object) => () => startDelivery(house, { ...config, ...change })
    expect(far({ smtp: { ...config.smtp, host: 'mail.voorbeeld.be' } })).toThrow(/smtp.secure: none given for mail.voorbeeld.be/)
    expect(far({ smpp: { ...config.smpp, host: '10.0.0.1' } })).toThrow(/smpp.secure: none given for 10.0.0.1/)
    expect(far({ smtp: { ...config.smtp, host: 'localhost.evil.example' } })).toThrow(/config|smtp.secure/)
  })

  test('T132 a server without STARTTLS gets nothing when it was asked for: the mail waits', async () => {
    const { catcher, config, ask, start } = await openOutbox()
    const asked = await ask()
    start({ smtp: { ...config.smtp, secure: 'starttls', user: 'x', password: 'y' } })
    await vi.waitFor(async () => expect((await asked.story()).events).toMatchObject([{ state: 'no-connection' }]), soon)
    expect(mailsIn(catcher)).toEqual([])
  })

  test('T130 one dead mail domain with a hundred mails does not hold up another', async () => {
    const { catcher, behave, ask, start } = await openOutbox()
    await behave({ smtp: 'slow', slowSeconds: 0.3 })
    for (let it = 0; it < 100; it++) await ask({ address: `u${it}@dood.test` })
    const living = await ask({ address: 'anna@haven.test' })
    start()
    await vi.waitFor(async () => expect((await living.story()).state).toBe('accepted'), { timeout: 3000, interval: 20 })
    expect(mailsIn(catcher).length).toBeLessThan(10)
  })
})
