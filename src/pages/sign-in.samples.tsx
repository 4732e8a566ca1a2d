import { OfferPage } from './choose.tsx'
import { IdentifyPage, PasswordPage, SignInPage } from './sign-in.tsx'
import { type Sample, type Stage, sampleNow } from './stage.samples.tsx'
import { HomePage, SignedOutPage, SignOutPage, StartPage } from './start.tsx'

const wrong = (it: Stage) => it.said(it.portal.identifier === 'email' ? 'signin.wrongEmail' : 'signin.wrong', 'username')

/** The way in and the way out. */
export const signInSamples: readonly Sample[] = [
  { name: 'P01 start', portal: 'c-point', draw: (it) => <StartPage frame={it.frame()} /> },
  { name: 'P01 announced', portal: 'c-point', draw: (it) => <StartPage frame={it.frame()} announced={it.date(23)} /> },
  {
    name: 'P01 signed in',
    portal: 'c-point',
    draw: (it) => <StartPage frame={it.inside({ isSignedIn: true })} signedIn={{ ...it.person }} />,
  },
  { name: 'P02 sign in', portal: 'c-point', draw: (it) => <SignInPage frame={it.frame()} identifier={it.portal.identifier} /> },
  {
    name: 'P02 with the link',
    portal: 'uitpas',
    draw: (it) => <SignInPage frame={it.frame()} identifier={it.portal.identifier} optIn={`/${it.portal.id}/optIn`} />,
  },
  {
    name: 'P02 opted in',
    portal: 'uitpas',
    draw: (it) => <SignInPage frame={it.frame()} identifier={it.portal.identifier} wanted />,
  },
  {
    name: 'P02 wrong',
    portal: 'c-point',
    draw: (it) => <SignInPage frame={it.frame(wrong(it))} identifier={it.portal.identifier} name={it.person.username} />,
  },
  {
    name: 'P02 no password',
    portal: 'uitpas',
    draw: (it) => (
      <SignInPage frame={it.frame(it.said('password.empty', 'password'))} identifier={it.portal.identifier} name={it.person.username} />
    ),
  },
  {
    name: 'P02 paused',
    portal: 'profiportaal',
    draw: (it) => {
      const frame = it.frame(it.said('signin.paused', 'username', { moment: it.words.told.moment(sampleNow + 720_000) }))
      return <SignInPage frame={frame} identifier={it.portal.identifier} name={it.person.username} />
    },
  },
  {
    name: 'P02 in a crowd',
    portal: 'c-point',
    draw: (it) => {
      const frame = it.frame(it.said('signin.paused', 'username', { moment: it.words.told.moment(sampleNow + 60_000) }))
      return <SignInPage frame={frame} identifier={it.portal.identifier} work={{ question: '1795600800000.17.voorbeeld', bits: 17 }} />
    },
  },
  { name: 'P03 name', portal: 'koop-cam', draw: (it) => <IdentifyPage frame={it.frame()} identifier={it.portal.identifier} /> },
  {
    name: 'P03 empty',
    portal: 'koop-cam',
    draw: (it) => <IdentifyPage frame={it.frame(it.said('username.empty', 'username'))} identifier={it.portal.identifier} />,
  },
  { name: 'P04 password', portal: 'koop-cam', draw: (it) => <PasswordPage frame={it.frame()} typed={it.person.username} /> },
  {
    name: 'P04 wrong',
    portal: 'koop-cam',
    draw: (it) => <PasswordPage frame={it.frame(it.said('signin.wrong', 'password'))} typed={it.person.username} />,
  },
  {
    name: 'P05 date',
    portal: 'c-point',
    draw: (it) => <OfferPage frame={it.inside()} date={it.date(40)} daysLeft={40} application={it.person.application} />,
  },
  {
    name: 'P05 last day',
    portal: 'c-point',
    draw: (it) => <OfferPage frame={it.inside()} date={it.date(1)} daysLeft={1} application={it.person.application} />,
  },
  { name: 'P05 no date', portal: 'uitpas', draw: (it) => <OfferPage frame={it.inside()} application={it.person.application} /> },
  {
    name: 'P64 home',
    portal: 'c-point',
    draw: (it) => {
      const applications = Object.values(it.portal.applications).map(({ title }) => ({ title, href: 'https://toepassing.example/' }))
      return <HomePage frame={it.inside({ isSignedIn: true })} applications={applications} />
    },
  },
  { name: 'P64 no application', portal: 'koop-cam', draw: (it) => <HomePage frame={it.inside({ isSignedIn: true })} applications={[]} /> },
  { name: 'P66 sign out', portal: 'profiportaal', draw: (it) => <SignOutPage frame={it.inside({ isSignedIn: true })} /> },
  {
    name: 'P66 asked by an application',
    portal: 'c-point',
    draw: (it) => <SignOutPage frame={it.inside({ isSignedIn: true })} asked={[{ name: 'client_id', value: 'planning' }]} />,
  },
  { name: 'P67 signed out', portal: 'c-point', draw: (it) => <SignedOutPage frame={it.frame()} /> },
  { name: 'P67 one did not answer', portal: 'c-point', draw: (it) => <SignedOutPage frame={it.frame()} silent={['Planning']} /> },
]
