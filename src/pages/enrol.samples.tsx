import encodeQR from 'qr'
import { EnrolAppPage, type EnrolAppProps } from './enrol.tsx'
import { ChooseEnrolmentPage, DonePage, InstallAppPage } from './set-up.tsx'
import type { Sample, Stage } from './stage.samples.tsx'

/** The key of the examples in RFC 6238. */
export const sampleSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

function app(it: Stage, more: Partial<EnrolAppProps> = {}) {
  const { name } = it.portal
  const label = encodeURIComponent(`${name}:${it.person.username}`)
  const keyUri = `otpauth://totp/${label}?secret=${sampleSecret}&issuer=${encodeURIComponent(name)}`
  return (
    <EnrolAppPage
      frame={it.inside()}
      modules={encodeQR(keyUri, 'raw', { ecc: 'medium', border: 4 })}
      keyUri={keyUri}
      secret={sampleSecret}
      issuer={name}
      username={it.person.username}
      focusCode={false}
      canChooseOther={false}
      {...more}
    />
  )
}

/** Setting up and being done. */
export const enrolSamples: readonly Sample[] = [
  {
    name: 'P15 choose',
    portal: 'uitpas',
    draw: (it) => <ChooseEnrolmentPage frame={it.inside()} choices={['totp', 'sms']} saysWhyNoMail sharedAddress={false} />,
  },
  {
    name: 'P15 shared address',
    portal: 'uitpas',
    draw: (it) => <ChooseEnrolmentPage frame={it.inside()} choices={['totp', 'sms', 'email']} saysWhyNoMail sharedAddress />,
  },
  {
    name: 'P15 an app alone',
    portal: 'c-point',
    draw: (it) => <ChooseEnrolmentPage frame={it.inside()} choices={['totp', 'email']} saysWhyNoMail={false} sharedAddress={false} />,
  },
  {
    name: 'P15 not now',
    portal: 'uitpas',
    draw: (it) => {
      const frame = it.inside(it.said('method.unavailable', 'method'))
      return <ChooseEnrolmentPage frame={frame} choices={['sms']} saysWhyNoMail={false} sharedAddress={false} />
    },
  },
  { name: 'P16 install', portal: 'c-point', draw: (it) => <InstallAppPage frame={it.inside()} isEnrolling /> },
  { name: 'P16 from the guide', portal: 'profiportaal', draw: (it) => <InstallAppPage frame={it.frame()} isEnrolling={false} /> },
  { name: 'P17 app', portal: 'profiportaal', draw: (it) => app(it) },
  { name: 'P17 came back', portal: 'uitpas', draw: (it) => app(it, { news: 'came-back', canChooseOther: true }) },
  { name: 'P17 replacing', portal: 'koop-cam', draw: (it) => app(it, { replaces: true }) },
  { name: 'P17 phone checked', portal: 'koop-cam', draw: (it) => app(it, { news: 'phone-checked' }) },
  { name: 'P17 at the code', portal: 'c-point', draw: (it) => app(it, { focusCode: true }) },
  {
    name: 'P17 wrong',
    portal: 'c-point',
    draw: (it) => app(it, { frame: it.inside(it.said('code.wrongEnrol', 'code')), focusCode: true }),
  },
  {
    name: 'P17 clock',
    portal: 'koop-cam',
    draw: (it) => {
      const said = it.said('code.clock', 'code', { n: 2, direction: it.words.t('direction.behind') })
      return app(it, { frame: it.inside(said) })
    },
  },
  {
    name: 'P17 expired',
    portal: 'profiportaal',
    draw: (it) => app(it, { frame: it.inside(it.said('enrol.expired', undefined)), news: 'new-secret' }),
  },
  {
    name: 'P21 app',
    portal: 'uitpas',
    draw: (it) => <DonePage frame={it.inside()} method="app" application={it.person.application} hasFile />,
  },
  {
    name: 'P21 app, sms as well',
    portal: 'uitpas',
    draw: (it) => {
      const also = { method: 'sms', begin: '/confirm/begin', next: '/profile/phone' } as const
      return <DonePage frame={it.inside()} method="app" application={it.person.application} also={also} />
    },
  },
  { name: 'P21 sms', portal: 'uitpas', draw: (it) => <DonePage frame={it.inside()} method="sms" application={it.person.application} /> },
]
