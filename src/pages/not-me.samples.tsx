import { MessagePage } from './message.tsx'
import { NotMePage, OldLinkPage, PasswordDuePage, SecuredPage } from './not-me.tsx'
import type { Sample, Stage } from './stage.samples.tsx'

const at = (it: Stage, event: Parameters<Stage['words']['t']>[0], minutes: number, values = {}) => ({
  date: it.date(0),
  time: it.clock(minutes),
  event: it.words.t(event, values),
})
const ours = (it: Stage) => ({ from: it.portal.mail.from, sender: it.portal.sms?.sender.production })

export const notMeSamples: readonly Sample[] = [
  {
    name: 'P58 one event',
    portal: 'c-point',
    draw: (it) => <NotMePage frame={it.frame()} events={[at(it, 'event.method-added', -20, { method: it.words.t('method.totp') })]} />,
  },
  {
    name: 'P58 two events',
    portal: 'koop-cam',
    draw: (it) => <NotMePage frame={it.frame()} events={[at(it, 'event.new-browser', -20), at(it, 'event.half-finished', -3)]} />,
  },
  { name: 'P58 old link', portal: 'uitpas', draw: (it) => <OldLinkPage frame={it.frame()} /> },
  {
    name: 'P59 secured',
    portal: 'c-point',
    draw: (it) => (
      <SecuredPage frame={it.frame()} events={[at(it, 'done.password', 0), at(it, 'done.sessions', 0), at(it, 'done.totp', 0)]} />
    ),
  },
  { name: 'P60 question', portal: 'koop-cam', draw: (it) => <MessagePage frame={it.frame()} {...ours(it)} /> },
  {
    name: 'P60 ours',
    portal: 'c-point',
    draw: (it) => <MessagePage frame={it.frame()} {...ours(it)} found={{ date: it.date(-1) }} typed="BCDF2346" />,
  },
  { name: 'P60 kenmerk', portal: 'uitpas', draw: (it) => <MessagePage frame={it.frame()} {...ours(it)} found="reference" typed="W7K" /> },
  {
    name: 'P60 not found',
    portal: 'profiportaal',
    draw: (it) => <MessagePage frame={it.frame(it.said('message.notFound', 'message'))} {...ours(it)} typed="W7X" />,
  },
  { name: 'P82 new password', portal: 'c-point', draw: (it) => <PasswordDuePage frame={it.inside()} securedAt={undefined} /> },
  { name: 'P84 secured', portal: 'koop-cam', draw: (it) => <PasswordDuePage frame={it.inside()} securedAt={it.date(-1)} /> },
]
