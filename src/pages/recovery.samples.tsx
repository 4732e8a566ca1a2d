import { ForgottenPage, LinkClosedPage, NewPasswordPage, PasswordChangedPage, ResetSentPage } from './recovery.tsx'
import type { Sample } from './stage.samples.tsx'
import { sampleNow } from './stage.samples.tsx'
import { MailboxRestsPage, RecoverPage, TicketPage } from './way-back.tsx'

const letters = { text: 'K7PQ', shown: 'sample' }
const dayLater = sampleNow + 86_400_000

/** The way back. */
export const recoverySamples: readonly Sample[] = [
  { name: 'P35 forgotten', portal: 'c-point', draw: (it) => <ForgottenPage frame={it.frame()} identifier="username" letters={letters} /> },
  {
    name: 'P35 letters wrong',
    portal: 'c-point',
    draw: (it) => (
      <ForgottenPage frame={it.frame(it.said('reset.typedWrong', 'typed'))} identifier="username" letters={letters} name="bram" />
    ),
  },
  {
    name: 'P35 by address',
    portal: 'uitpas',
    draw: (it) => <ForgottenPage frame={it.frame(it.said('email.format', 'username'))} identifier="email" name="gijs" />,
  },
  {
    name: 'P35 too many',
    portal: 'koop-cam',
    draw: (it) => <ForgottenPage frame={it.frame(it.said('reset.tooMany', undefined, { time: it.clock(40) }))} identifier="username" />,
  },
  { name: 'P36 sent', portal: 'c-point', draw: (it) => <ResetSentPage frame={it.frame()} fromAddress={it.portal.mail.from} /> },
  { name: 'P37 new password', portal: 'profiportaal', draw: (it) => <NewPasswordPage frame={it.frame()} minimum={12} /> },
  {
    name: 'P37 with the name',
    portal: 'koop-cam',
    draw: (it) => (
      <NewPasswordPage
        frame={it.frame(it.said('reset.nameMismatch', 'username'))}
        minimum={12}
        asksName={{ identifier: 'username', name: 'eva' }}
      />
    ),
  },
  {
    name: 'P37 too short',
    portal: 'c-point',
    draw: (it) => <NewPasswordPage frame={it.frame(it.said('password.short', 'new_password', { n: 9, min: 12 }))} minimum={12} />,
  },
  { name: 'P38 changed', portal: 'profiportaal', draw: (it) => <PasswordChangedPage frame={it.frame()} remembers={false} /> },
  {
    name: 'P38 mailbox alone',
    portal: 'c-point',
    draw: (it) => <PasswordChangedPage frame={it.frame()} remembers mailAgain={it.words.told.moment(dayLater)} />,
  },
  { name: 'P39 used', portal: 'c-point', draw: (it) => <LinkClosedPage frame={it.frame()} why={{ is: 'used' }} /> },
  { name: 'P39 over', portal: 'uitpas', draw: (it) => <LinkClosedPage frame={it.frame()} why={{ is: 'over', time: it.clock(-30) }} /> },
  { name: 'P39 unknown', portal: 'koop-cam', draw: (it) => <LinkClosedPage frame={it.frame()} why={{ is: 'unknown' }} /> },
  {
    name: 'P32 mailbox rests',
    portal: 'c-point',
    draw: (it) => <MailboxRestsPage frame={it.inside()} until={it.words.told.moment(dayLater)} hours={24} />,
  },
  { name: 'P55 no code', portal: 'c-point', draw: (it) => <RecoverPage frame={it.inside()} canChooseOther /> },
  { name: 'P55 ticket alone', portal: 'profiportaal', draw: (it) => <RecoverPage frame={it.inside()} canChooseOther={false} /> },
  { name: 'P61 ticket', portal: 'koop-cam', draw: (it) => <TicketPage frame={it.inside()} /> },
  { name: 'P61 wrong', portal: 'profiportaal', draw: (it) => <TicketPage frame={it.inside(it.said('ticket.wrong', 'ticket'))} /> },
]
