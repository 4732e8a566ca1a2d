import { ChoosePage, NotRegisteredPage } from './choose.tsx'
import { CodePage, type CodePageProps, type SentLine } from './code.tsx'
import { Sentence } from './parts.tsx'
import { PhonePage } from './phone.tsx'
import type { Sample, Stage } from './stage.samples.tsx'

function page(it: Stage, kind: CodePageProps['kind'], more: Partial<CodePageProps> = {}) {
  const { person, portal } = it
  return (
    <CodePage
      frame={it.inside()}
      kind={kind}
      issuer={portal.name}
      username={person.username}
      canChooseOther={false}
      saysWhyNoMail={false}
      sharedAddress={false}
      {...more}
    />
  )
}

function sent(it: Stage, channel: 'mail' | 'sms', more: Partial<SentLine> = {}): SentLine {
  const address = channel === 'mail' ? it.person.maskedEmail : it.person.lastTwo
  const sender = channel === 'sms' ? { sender: it.portal.sms?.sender.production ?? 'KOOPCAMP' } : {}
  const line = {
    channel,
    address,
    isFull: false,
    sentAt: it.clock(-3),
    until: it.clock(7),
    isOver: false,
    reference: 'K7P',
    several: false,
  }
  return { ...line, ...sender, ...more }
}

const newBrowser = (it: Stage) => <Sentence words={it.words} of="why.newBrowser" />
const always = (it: Stage) => <Sentence words={it.words} of="why.always" />
const remember = (it: Stage) => ({ days: it.portal.secondStep.rememberedBrowser?.days ?? 30, isTicked: true })
const choices = (it: Stage, chosen?: string) => [
  { method: 'totp' as const, isChosen: chosen === 'totp' },
  { method: 'email' as const, address: it.person.maskedEmail, isChosen: chosen === 'email' },
]

/** Choosing, the gate, a phone number, and every code. */
export const codeSamples: readonly Sample[] = [
  {
    name: 'P06 choose',
    portal: 'c-point',
    draw: (it) => <ChoosePage frame={it.inside()} why={newBrowser(it)} choices={choices(it, 'totp')} saysWhyNoMail={false} />,
  },
  {
    name: 'P06 nothing chosen',
    portal: 'c-point',
    draw: (it) => <ChoosePage frame={it.inside(it.said('method.none', 'method'))} choices={choices(it)} saysWhyNoMail={false} />,
  },
  {
    name: 'P06 no mail',
    portal: 'uitpas',
    draw: (it) => {
      const offered = [
        { method: 'totp' as const, isChosen: true },
        { method: 'sms' as const, address: it.person.lastTwo, isChosen: false },
      ]
      return <ChoosePage frame={it.inside()} choices={offered} saysWhyNoMail />
    },
  },
  {
    name: 'P06 sms not set up',
    portal: 'uitpas',
    draw: (it) => <ChoosePage frame={it.inside()} choices={[{ method: 'sms', isChosen: false }]} saysWhyNoMail />,
  },
  {
    name: 'P07 not registered',
    portal: 'c-point',
    draw: (it) => <NotRegisteredPage frame={it.inside()} address={it.person.maskedEmail} />,
  },
  { name: 'P07 no address', portal: 'c-point', draw: (it) => <NotRegisteredPage frame={it.inside()} address={undefined} /> },
  { name: 'P10 gate', portal: 'profiportaal', draw: (it) => page(it, 'gate-mail', { sent: sent(it, 'mail') }) },
  {
    name: 'P10 on its way',
    portal: 'c-point',
    draw: (it) => {
      const { sentAt: _, ...queued } = sent(it, 'mail')
      return page(it, 'gate-mail', { sent: queued })
    },
  },
  { name: 'P10 held up', portal: 'profiportaal', draw: (it) => page(it, 'gate-mail', { sent: sent(it, 'mail', { isHeldUp: true }) }) },
  { name: 'P10 refused', portal: 'c-point', draw: (it) => page(it, 'gate-mail', { sent: sent(it, 'mail', { isRefused: true }) }) },
  { name: 'P11 did not arrive', portal: 'koop-cam', draw: (it) => page(it, 'gate-sms', { sent: sent(it, 'sms', { isRefused: true }) }) },
  {
    name: 'P10 empty',
    portal: 'c-point',
    draw: (it) => page(it, 'gate-mail', { frame: it.inside(it.said('code.empty', 'code')), sent: sent(it, 'mail') }),
  },
  {
    name: 'P10 shared address',
    portal: 'uitpas',
    draw: (it) => page(it, 'gate-mail', { sent: sent(it, 'mail', { address: 'i…@cultuur.test' }), sharedAddress: true }),
  },
  {
    name: 'P26 nothing sent, too many before',
    portal: 'c-point',
    draw: (it) => {
      const text = it.words.t('code.noneLeft', { n: 20, moment: it.words.told.moment(it.clock(14).at) })
      return page(it, 'mail', { news: { kind: 'info', text }, canChooseOther: true })
    },
  },
  { name: 'P11 gate', portal: 'koop-cam', draw: (it) => page(it, 'gate-sms', { sent: sent(it, 'sms') }) },
  {
    name: 'P11 over, a new one sent',
    portal: 'koop-cam',
    draw: (it) => {
      const said = it.said('code.expired', 'code', { time: it.clock(-8), ref: 'M4D' })
      return page(it, 'gate-sms', { frame: it.inside(said), sent: sent(it, 'sms', { reference: 'M4D' }) })
    },
  },
  {
    name: 'P12 number',
    portal: 'koop-cam',
    draw: (it) => <PhonePage frame={it.inside()} example={it.person.phone} canChooseOther={false} />,
  },
  {
    name: 'P12 known',
    portal: 'uitpas',
    draw: (it) => <PhonePage frame={it.inside()} example={it.person.phone} known={it.person.lastTwo} canChooseOther />,
  },
  {
    name: 'P12 no number',
    portal: 'uitpas',
    draw: (it) => {
      const frame = it.inside(it.said('phone.format', 'phone', { example: it.person.phone }))
      return <PhonePage frame={frame} example={it.person.phone} typed="12" canChooseOther />
    },
  },
  {
    name: 'P13 new number',
    portal: 'koop-cam',
    draw: (it) => page(it, 'new-phone', { sent: sent(it, 'sms', { address: it.person.phone, isFull: true }) }),
  },
  {
    name: 'P13 on its way',
    portal: 'uitpas',
    draw: (it) => {
      const { sentAt: _, ...queued } = sent(it, 'sms', { address: it.person.phone, isFull: true })
      return page(it, 'new-phone', { sent: queued })
    },
  },
  { name: 'P25 app', portal: 'profiportaal', draw: (it) => page(it, 'app', { why: always(it) }) },
  {
    name: 'P25 remember',
    portal: 'uitpas',
    draw: (it) => page(it, 'app', { why: newBrowser(it), remember: remember(it), canChooseOther: true, saysWhyNoMail: true }),
  },
  { name: 'P25 wrong', portal: 'koop-cam', draw: (it) => page(it, 'app', { frame: it.inside(it.said('code.wrongApp', 'code')) }) },
  {
    name: 'P25 last tries',
    portal: 'c-point',
    draw: (it) =>
      page(it, 'app', { frame: it.inside(it.said('code.lastTries', 'code', { n: 1 })), remember: remember(it), canChooseOther: true }),
  },
  {
    name: 'P26 mail',
    portal: 'c-point',
    draw: (it) => page(it, 'mail', { why: newBrowser(it), sent: sent(it, 'mail'), remember: remember(it), canChooseOther: true }),
  },
  {
    name: 'P26 a new one sent',
    portal: 'c-point',
    draw: (it) => {
      const text = it.words.t('notice.codeSent', { ref: 'M4D', until: it.clock(7) })
      return page(it, 'mail', {
        news: { kind: 'ok', text },
        sent: sent(it, 'mail', { reference: 'M4D', several: true }),
        canChooseOther: true,
      })
    },
  },
  {
    name: 'P26 over',
    portal: 'c-point',
    draw: (it) => page(it, 'mail', { sent: sent(it, 'mail', { isOver: true }), canChooseOther: true }),
  },
  {
    name: 'P26 wrong',
    portal: 'c-point',
    draw: (it) => page(it, 'mail', { frame: it.inside(it.said('code.wrongMail', 'code', { ref: 'K7P' })), sent: sent(it, 'mail') }),
  },
  {
    name: 'P27 sms',
    portal: 'uitpas',
    draw: (it) => page(it, 'sms', { sent: sent(it, 'sms'), remember: remember(it), canChooseOther: true }),
  },
  {
    name: 'P27 too soon',
    portal: 'uitpas',
    draw: (it) => {
      const text = it.words.t('code.tooSoon', { moment: it.words.told.moment(it.clock(1).at), until: it.clock(7) })
      return page(it, 'sms', { news: { kind: 'info', text }, sent: sent(it, 'sms'), canChooseOther: true })
    },
  },
]
