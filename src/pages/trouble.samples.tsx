import { type Sample, type Stage, sampleNow } from './stage.samples.tsx'
import { DisabledPage, NoChannelPage, PausedPage } from './stopped.tsx'
import { type Trouble, TroublePage } from './trouble.tsx'
import { type WhereEvent, WherePage, type WhereProps, type WhereState } from './where.tsx'

const domain = 'haven.test'

function where(it: Stage, now: WhereState, events: readonly WhereEvent['event'][], more: Partial<WhereProps> = {}) {
  const code = { reference: 'K7P', askedAt: it.clock(-3), now }
  const lines = events.map((event, nr) => ({ event, at: it.clock(nr - events.length) })).toReversed()
  return <WherePage frame={it.inside()} code={code} events={lines} canChooseOther {...more} />
}

function itText({ portal }: Stage, answer: string) {
  const [from, utc, number] = [portal.mail.from, '2026-11-21 13:21:04', 'BCDF2346']
  return {
    nl: `Afzender ${from}. Aan een adres bij ${domain}. Tijd (UTC) ${utc}. Berichtnummer ${number}. Antwoord van uw server: ${answer}. Laat deze afzender door.`,
    en: `Sender ${from}. To an address at ${domain}. Time (UTC) ${utc}. Message number ${number}. Answer of your server: ${answer}. Please let this sender through.`,
  }
}

const busyServer = '451 4.7.1 Greylisting in action, please come back later'
const fullServer = '552 5.2.2 Mailbox full'

/** Where a code is, in each state that a message can be in. */
const whereSamples: readonly Sample[] = [
  { name: 'P30 D1 queued', portal: 'c-point', draw: (it) => where(it, { state: 'queued', channel: 'mail' }, []) },
  { name: 'P30 D1 sms', portal: 'uitpas', draw: (it) => where(it, { state: 'queued', channel: 'sms' }, ['queued']) },
  {
    name: 'P30 D2 accepted',
    portal: 'c-point',
    draw: (it) =>
      where(it, { state: 'accepted', domain, at: it.clock(-3) }, ['queued', 'accepted'], { itText: itText(it, '250 2.0.0 Ok') }),
  },
  {
    name: 'P30 D3 delayed',
    portal: 'c-point',
    draw: (it) => where(it, { state: 'delayed', domain, nextAt: it.clock(2) }, ['queued', 'delayed'], { itText: itText(it, busyServer) }),
  },
  { name: 'P30 D3 sms', portal: 'koop-cam', draw: (it) => where(it, { state: 'delayed', nextAt: it.clock(2) }, ['queued', 'delayed']) },
  {
    name: 'P30 D4 refused',
    portal: 'c-point',
    draw: (it) =>
      where(it, { state: 'refused', domain, at: it.clock(-3), reason: fullServer }, ['queued', 'refused'], {
        itText: itText(it, fullServer),
      }),
  },
  {
    name: 'P30 D5 too late',
    portal: 'profiportaal',
    draw: (it) => where(it, { state: 'too-late', channel: 'mail' }, ['queued', 'too-late'], { canChooseOther: false }),
  },
  { name: 'P30 D5 sms', portal: 'uitpas', draw: (it) => where(it, { state: 'too-late', channel: 'sms' }, ['queued', 'set-aside']) },
  {
    name: 'P30 D6 handed over',
    portal: 'koop-cam',
    draw: (it) => where(it, { state: 'handed-over', at: it.clock(-2) }, ['queued', 'accepted']),
  },
  {
    name: 'P30 D7 delivered',
    portal: 'koop-cam',
    draw: (it) => where(it, { state: 'delivered', at: it.clock(-2), sender: 'KOOPCAMP' }, ['queued', 'accepted', 'delivered']),
  },
  ...(['off', 'unknown', 'refused', 'noReason'] as const).map(
    (reason): Sample => ({
      name: `P30 D8 failed ${reason}`,
      portal: 'uitpas',
      draw: (it) => where(it, { state: 'failed', reason }, ['queued', 'accepted', 'failed']),
    }),
  ),
  {
    name: 'P30 D8 failed, no other way',
    portal: 'koop-cam',
    draw: (it) => where(it, { state: 'failed', reason: 'unknown' }, ['queued', 'accepted', 'failed'], { canChooseOther: false }),
  },
  { name: 'P30 D9 no receipt', portal: 'uitpas', draw: (it) => where(it, { state: 'no-receipt' }, ['queued', 'accepted']) },
  {
    name: 'P30 D10 trouble',
    portal: 'c-point',
    draw: (it) => where(it, { state: 'trouble', channel: 'mail', at: it.clock(-6), nextAt: it.clock(1) }, ['queued', 'no-connection']),
  },
  {
    name: 'P30 D10 sms',
    portal: 'uitpas',
    draw: (it) =>
      where(it, { state: 'trouble', channel: 'sms', at: it.clock(-6), nextAt: it.clock(1) }, ['queued', 'no-connection'], {
        canChooseOther: false,
      }),
  },
  { name: 'P30 no code yet', portal: 'c-point', draw: (it) => <WherePage frame={it.inside()} events={[]} canChooseOther={false} /> },
]

const trouble = (name: string, portal: Sample['portal'], facts: Trouble): Sample => ({
  name,
  portal,
  draw: (it) => <TroublePage frame={it.frame()} trouble={facts} />,
})

const request = { error: 'invalid_request', parameter: 'redirect_uri', time: '2026-11-21 13:24:00', number: 'B7K2M9QD' }

/** When something is wrong, or only looks like it. */
export const troubleSamples: readonly Sample[] = [
  ...whereSamples,
  {
    name: 'P31 paused',
    portal: 'c-point',
    draw: (it) => <PausedPage frame={it.inside()} until={it.words.told.waitTime(sampleNow + 900_500)} canUseKnownBrowser />,
  },
  {
    name: 'P31 until tomorrow',
    portal: 'koop-cam',
    draw: (it) => <PausedPage frame={it.inside()} until={it.words.told.waitTime(sampleNow + 50_000_000)} canUseKnownBrowser={false} />,
  },
  { name: 'P62 no channel', portal: 'koop-cam', draw: (it) => <NoChannelPage frame={it.inside()} /> },
  trouble('P71 not found', 'profiportaal', { kind: 'not-found' }),
  trouble('P72 our side', 'c-point', { kind: 'error', number: 'B7K2M9QD' }),
  trouble('P72 too large', 'c-point', { kind: 'too-large' }),
  trouble('P73 busy', 'c-point', { kind: 'busy' }),
  trouble('P73 down', 'koop-cam', { kind: 'down' }),
  trouble('P74 wrong request', 'uitpas', { kind: 'request', application: 'Balie', forMakers: request }),
  trouble('P74 unknown', 'c-point', { kind: 'request', forMakers: request }),
  trouble('P75 cookies', 'uitpas', { kind: 'cookies', host: 'aanmelden.uitpas.example' }),
  trouble('P76 expired', 'profiportaal', { kind: 'expired' }),
  trouble('P77 other tab', 'koop-cam', { kind: 'other-tab' }),
  trouble('P77 done', 'c-point', { kind: 'done' }),
  { name: 'P79 nothing else', portal: 'profiportaal', draw: (it) => <DisabledPage frame={it.inside()} /> },
]
