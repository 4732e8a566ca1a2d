import {
  AskPage,
  ChangeEmailPage,
  ChangePasswordPage,
  ChangePhonePage,
  ConfirmPasswordPage,
  ConfirmSendPage,
  RemovePage,
  RenamePage,
} from './change.tsx'
import { CodePage } from './code.tsx'
import { type Action, type ProfileMethod, ProfilePage, type ProfileProps } from './profile.tsx'
import type { Sample, Stage } from './stage.samples.tsx'

const does = (...acts: readonly Action['does'][]): Action[] => acts.map((it) => ({ does: it, next: `/profile/${it}` }))

function profile(it: Stage, more: Partial<ProfileProps> = {}) {
  const methods: readonly ProfileMethod[] = [
    {
      method: 'totp',
      title: 'Microsoft op iPhone',
      added: it.date(-263),
      used: it.date(0),
      actions: does('replace', 'remove', 'rename'),
    },
    { method: 'sms', added: it.date(-20), actions: does('remove', 'rename') },
    { method: 'email', actions: [] },
  ]
  const { maskedEmail, lastTwo } = it.person
  return (
    <ProfilePage
      frame={it.inside({ isSignedIn: true })}
      begin="#"
      methods={methods}
      add={{ does: 'add', next: '/profile/add' }}
      email={maskedEmail}
      phone={{ number: lastTwo, isFull: false }}
      details={does('email', 'phone', 'password')}
      {...(it.portal.secondStep.rememberedBrowser ? { remembered: 0 } : {})}
      {...more}
    />
  )
}

const addresses = { remove: '#', begin: '#', replace: '/profile/replace/1', profile: '#' }

/** What the account has, and every change of it. */
export const profileSamples: readonly Sample[] = [
  { name: 'P40 profile', portal: 'c-point', draw: (it) => profile(it) },
  { name: 'P40 with a bin', portal: 'profiportaal', draw: (it) => profile(it) },
  {
    name: 'P40 nothing yet',
    portal: 'koop-cam',
    draw: (it) => <ProfilePage frame={it.inside({ isSignedIn: true })} begin="#" methods={[]} details={[]} />,
  },
  {
    name: 'P40 removed',
    portal: 'profiportaal',
    draw: (it) =>
      profile(it, { methods: [], news: { of: 'notice.methodRemoved', names: 'P40.app', also: it.words.own('P40.afterRemoval') } }),
  },
  {
    name: 'P40 confirmed',
    portal: 'c-point',
    draw: (it) =>
      profile(it, {
        email: 'bram@haven.test',
        phone: { number: it.person.phone, isFull: true },
        emailRecovers: it.date(7),
        phoneRecovers: it.date(7),
      }),
  },
  {
    name: 'P40 replacing',
    portal: 'uitpas',
    draw: (it) =>
      profile(it, {
        methods: [
          { method: 'totp', title: 'Google op Pixel', added: it.date(0), actions: does('remove', 'rename') },
          { method: 'totp', added: it.date(-263), used: it.date(0), endsAt: it.date(7), actions: does('keep-both', 'stolen') },
          { method: 'totp', added: it.date(-263), used: it.date(-1), endedAt: it.date(-1), actions: does('put-back') },
        ],
      }),
  },
  {
    name: 'P41 app',
    portal: 'c-point',
    draw: (it) => (
      <CodePage
        frame={it.inside({ isSignedIn: true, next: '/profile' })}
        kind="app"
        confirms
        why={it.words.t('why.change')}
        issuer={it.portal.name}
        username={it.person.username}
        canChooseOther
        saysWhyNoMail={false}
        sharedAddress={false}
      />
    ),
  },
  { name: 'P41 send', portal: 'c-point', draw: (it) => <ConfirmSendPage frame={it.inside({ isSignedIn: true })} action="#" /> },
  {
    name: 'P41 password',
    portal: 'profiportaal',
    draw: (it) => <ConfirmPasswordPage frame={it.inside({ isSignedIn: true })} action="#" />,
  },
  {
    name: 'P41 password wrong',
    portal: 'profiportaal',
    draw: (it) => (
      <ConfirmPasswordPage frame={it.inside({ isSignedIn: true, ...it.said('password.currentWrong', 'password') })} action="#" />
    ),
  },
  {
    name: 'P42 replace',
    portal: 'koop-cam',
    draw: (it) => (
      <AskPage frame={it.inside({ isSignedIn: true })} action="#" profile="#" heading="P42.heading" body="P42.body" button="P42.link" />
    ),
  },
  {
    name: 'P42 stolen',
    portal: 'uitpas',
    draw: (it) => (
      <AskPage
        frame={it.inside({ isSignedIn: true })}
        action="#"
        profile="#"
        heading="stolen.heading"
        body="stolen.body"
        button="stolen.button"
      />
    ),
  },
  {
    name: 'P43 last one',
    portal: 'profiportaal',
    draw: (it) => (
      <RemovePage
        frame={it.inside({ isSignedIn: true })}
        method={{ method: 'totp', title: 'Microsoft op iPhone' }}
        isLast
        gate="email"
        ownLabel
        addresses={addresses}
      />
    ),
  },
  {
    name: 'P43 another is left',
    portal: 'uitpas',
    draw: (it) => (
      <RemovePage
        frame={it.inside({ isSignedIn: true })}
        method={{ method: 'totp' }}
        isLast={false}
        ownLabel={false}
        addresses={addresses}
      />
    ),
  },
  {
    name: 'P43 stays',
    portal: 'uitpas',
    draw: (it) => (
      <RemovePage
        frame={it.inside({ isSignedIn: true, ...it.said('profile.lastMethod', undefined) })}
        method={{ method: 'sms' }}
        isLast
        ownLabel={false}
        addresses={{ remove: '#', begin: '#', profile: '#' }}
      />
    ),
  },
  {
    name: 'P43 name',
    portal: 'c-point',
    draw: (it) => <RenamePage frame={it.inside({ isSignedIn: true })} action="#" name="Microsoft op iPhone" profile="#" />,
  },
  {
    name: 'P43 name too long',
    portal: 'c-point',
    draw: (it) => (
      <RenamePage
        frame={it.inside({ isSignedIn: true, ...it.said('profile.nameLong', 'name', { n: 52 }) })}
        action="#"
        name="De telefoon van het werk die altijd in de la ligt"
        profile="#"
      />
    ),
  },
  {
    name: 'P44 e-mail',
    portal: 'c-point',
    draw: (it) => <ChangeEmailPage frame={it.inside({ isSignedIn: true })} action="#" profile="#" sharedAddress />,
  },
  {
    name: 'P44 wrong',
    portal: 'uitpas',
    draw: (it) => (
      <ChangeEmailPage
        frame={it.inside({ isSignedIn: true, ...it.said('email.format', 'email') })}
        action="#"
        profile="#"
        typed="gijs"
        sharedAddress={false}
      />
    ),
  },
  {
    name: 'P45 code',
    portal: 'c-point',
    draw: (it) => (
      <CodePage
        frame={it.inside({ isSignedIn: true })}
        kind="new-email"
        sent={{
          channel: 'mail',
          address: 'bram@nieuw.test',
          isFull: true,
          sentAt: it.clock(-1),
          until: it.clock(9),
          isOver: false,
          reference: 'K7M',
          several: false,
        }}
        issuer={it.portal.name}
        username={it.person.username}
        canChooseOther={false}
        saysWhyNoMail={false}
        sharedAddress={false}
      />
    ),
  },
  {
    name: 'P46 number',
    portal: 'koop-cam',
    draw: (it) => <ChangePhonePage frame={it.inside({ isSignedIn: true })} action="#" profile="#" example="06 12345678" />,
  },
  {
    name: 'P46 the first number',
    portal: 'uitpas',
    draw: (it) => <ChangePhonePage frame={it.inside({ isSignedIn: true })} action="#" profile="#" example="0470 12 34 56" isFirst />,
  },
  {
    name: 'P46 the same',
    portal: 'uitpas',
    draw: (it) => (
      <ChangePhonePage
        frame={it.inside({ isSignedIn: true, ...it.said('phone.same', 'phone') })}
        action="#"
        profile="#"
        example="0470 12 34 56"
        typed="0470 12 34 56"
      />
    ),
  },
  {
    name: 'P52 password',
    portal: 'c-point',
    draw: (it) => <ChangePasswordPage frame={it.inside({ isSignedIn: true })} action="#" profile="#" minimum={12} />,
  },
  {
    name: 'P52 short',
    portal: 'koop-cam',
    draw: (it) => (
      <ChangePasswordPage
        frame={it.inside({ isSignedIn: true, ...it.said('password.short', 'new_password', { n: 4, min: 12 }) })}
        action="#"
        profile="#"
        minimum={12}
      />
    ),
  },
]
