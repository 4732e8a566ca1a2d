import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Catcher, startCatcher } from '../catcher/index.ts'
import type { HubFacts } from './facts.ts'

const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`
const now = 59_000
let catcher: Catcher
beforeEach(async () => {
  catcher = await startCatcher({ clock: () => now, ports: { smtp: 0, smpp: 0, inbox: 0 } })
})
afterEach(() => catcher.close())

const ask = async (path: string, options?: RequestInit) => {
  const answer = await fetch(`http://localhost:${catcher.ports.inbox}${path}`, options)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const facts: HubFacts = {
  password: hostile,
  portals: [
    {
      id: 'x',
      name: hostile,
      address: 'http://localhost:1/x',
      profile: hostile,
      applications: [{ name: hostile, address: 'http://localhost:2/x/y', rule: hostile }],
      people: [{ userName: hostile, displayName: hostile, state: hostile, email: hostile, phone: hostile, key: hostile }],
    },
  ],
  stories: [{ title: hostile, text: hostile, link: { name: hostile, address: 'http://localhost:1/x' }, command: hostile }],
  ports: { smtp: 1, smpp: 2 },
}

describe('the hub', () => {
  test('whatever a name, an address or a message holds is shown as the characters it is', async () => {
    catcher.show(facts)
    const { id } = catcher.inbox.add({
      kind: 'mail',
      from: hostile,
      to: hostile,
      subject: hostile,
      text: `${hostile} javascript:alert(1) http://x.test/"onmouseover=alert(1)`,
      html: hostile,
      mail: { envelope: { from: hostile, to: [hostile] }, fromName: hostile, headers: { x: hostile }, raw: hostile },
    })
    for (const path of ['/', '/inbox', `/messages/${id}`]) {
      const { text } = await ask(path)
      expect(text).toContain('&lt;script&gt;alert(1)')
      expect(text).not.toContain('<script>alert')
      expect(text).not.toContain('<img')
      expect(text).not.toMatch(/href="javascript:/)
      expect(text).not.toMatch(/"onmouseover/)
    }
  })

  test('trouble is made and ended on the page, and stands above the inbox while it lasts', async () => {
    const made = await ask('/trouble', {
      method: 'POST',
      body: new URLSearchParams({ smtp: '451', smpp: 'fail-receipt' }),
      redirect: 'manual',
    })
    expect(made.headers.get('location')).toBe('/#trouble')
    expect(JSON.parse((await ask('/api/behaviour')).text)).toMatchObject({ smtp: '451', smpp: 'fail-receipt' })
    const { text } = await ask('/')
    expect(text).toContain('<option value="451" selected>')
    expect(text).toContain('Mail wordt uitgesteld: later opnieuw (451). Sms wordt aangenomen en komt niet aan.')
    await ask('/trouble', { method: 'POST', body: new URLSearchParams({ smtp: 'accept', smpp: 'accept' }) })
    expect((await ask('/inbox')).text).not.toContain('Storing aan')
    expect((await ask('/trouble', { method: 'POST', body: 'smtp=explode' })).status).toBe(422)
  })

  test('a link in a mail can be followed from the list, and a number is shown as people write it', async () => {
    const address = 'http://localhost:8080/c-point/password/new?t=YsBuw3vIXQIgnsLVP4nV'
    const text = `Er is een nieuw wachtwoord gevraagd voor een account.\n\nKies het op deze pagina:\n${address}\n\n${'Meer. '.repeat(60)}`
    catcher.inbox.add({ kind: 'mail', from: 'a', to: 'b', subject: 's', text, html: '' })
    const sms = { smppId: '1', systemId: 's', sourceTon: 5, sourceNpi: 0, destTon: 1, destNpi: 1, dataCoding: 0 } as const
    const more = { encoding: 'gsm-7', registeredDelivery: 1, via: 'short_message' } as const
    catcher.inbox.add({ kind: 'sms', from: 'KOOPCAMP', to: '31612345678', subject: '', text: '123456', html: '', sms: { ...sms, ...more } })
    const list = (await ask('/inbox')).text
    expect(list).toContain(`<a href="${address}" rel="noreferrer noopener">`)
    expect(list).toContain('<bdi>+31612345678</bdi>')
  })

  test('a typed key comes back as text, with what is wrong with it', async () => {
    const { status, text } = await ask('/authenticator', { method: 'POST', body: new URLSearchParams({ key: hostile }) })
    expect(status).toBe(422)
    expect(text).toContain('value="&quot;&#39;&gt;&lt;script&gt;')
    expect(text).not.toContain('<script>alert')
  })

  test('every answer has a policy that allows no inline script, and the HTML of a mail lives in a sandbox', async () => {
    const { id } = catcher.inbox.add({ kind: 'mail', from: 'a', to: 'b', subject: 's', text: 't', html: '<b>x</b>' })
    for (const path of ['/', '/inbox', '/authenticator', '/nothing', '/assets/style.css', '/api/messages', `/messages/${id}`]) {
      const policy = (await ask(path)).headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
    }
    const drawn = await ask(`/messages/${id}/html`)
    expect(drawn.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect((await ask(`/messages/${id}`)).text).toContain('<iframe sandbox=""')
  })

  test('without script the form shows the code of that moment', async () => {
    const body = new URLSearchParams({ key: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ' })
    const { status, text } = await ask('/authenticator', { method: 'POST', body })
    expect(status).toBe(200)
    expect(text).toContain('>287082</output>')
    expect(text).toContain('<span id="shown-seconds">1</span>')
  })

  test('the addresses in a mail can be followed, and end where the sentence ends', async () => {
    const { id } = catcher.inbox.add({
      kind: 'mail',
      from: 'a',
      to: 'b',
      subject: 's',
      text: 'Ga naar http://localhost:8080/x?t=1. Klaar',
      html: '',
    })
    expect((await ask(`/messages/${id}`)).text).toContain(
      '<a href="http://localhost:8080/x?t=1" rel="noreferrer noopener">http://localhost:8080/x?t=1</a>. Klaar',
    )
  })

  test('script, style and the QR reader come from this server', async () => {
    for (const [name, type] of [
      ['style.css', 'text/css'],
      ['inbox.js', 'text/javascript'],
      ['authenticator.js', 'text/javascript'],
      ['qr-reader.js', 'text/javascript'],
    ]) {
      const answer = await ask(`/assets/${name}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toContain(type)
    }
    expect((await ask('/assets/constructor')).status).toBe(404)
  })
})
