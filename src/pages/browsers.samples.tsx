import { ActivityPage, type ActivityRow } from './activity.tsx'
import { BrowsersPage } from './browsers.tsx'
import { SessionsPage } from './sessions.tsx'
import type { Sample, Stage } from './stage.samples.tsx'
import { SignOutPage } from './start.tsx'

const signedIn = { isSignedIn: true } as const
const edge = { browser: 'Edge', system: 'Windows' }
const phone = { browser: 'Safari', system: 'iPhone' }

const remembered = (it: Stage) => [
  { id: 'one', device: edge, until: it.date(30), seen: it.date(0), isThis: true },
  { id: 'two', device: phone, until: it.date(12), seen: it.date(-18), isThis: false },
  { id: 'three', device: {}, until: it.date(2), seen: it.date(-28), isThis: false },
]
const sessions = (it: Stage) => [
  { id: 'one', device: edge, applications: [it.person.application], since: it.clock(-50), active: it.clock(0), isThis: true },
  { id: 'two', device: phone, applications: [], since: it.clock(-300), active: it.clock(-42), isThis: false },
]
const happened = (it: Stage): ActivityRow[] => [
  { what: 'signedIn', method: 'remembered-browser', at: it.clock(0), device: edge },
  { what: 'wrong', times: 3, at: it.clock(-8), device: phone, isElsewhere: true },
  { what: 'wrong', times: 1, at: it.clock(-9), device: phone },
  { what: 'signedIn', method: 'totp', at: it.clock(-1440), device: edge },
  { what: 'password', at: it.clock(-2000) },
  { what: 'ticket', at: it.clock(-2100) },
  { what: 'secured', at: it.clock(-2200) },
  { what: 'added', method: 'totp', at: it.clock(-3000), device: {} },
  { what: 'removed', method: 'sms', at: it.clock(-4000), device: edge },
  { what: 'disabled', method: 'totp', at: it.clock(-5000), device: edge },
  { what: 'copied', at: it.clock(-6000), device: phone },
  { what: 'forgotten', at: it.clock(-7000), device: phone },
]

/** What a person sees of the browsers that know the account. */
export const browserSamples: readonly Sample[] = [
  { name: 'P47 browsers', portal: 'c-point', draw: (it) => <BrowsersPage frame={it.inside(signedIn)} rows={remembered(it)} /> },
  {
    name: 'P47 forgotten',
    portal: 'uitpas',
    draw: (it) => <BrowsersPage frame={it.inside(signedIn)} rows={remembered(it).slice(0, 1)} forgot />,
  },
  { name: 'P47 none', portal: 'c-point', draw: (it) => <BrowsersPage frame={it.inside(signedIn)} rows={[]} /> },
  {
    name: 'P48 activity',
    portal: 'c-point',
    draw: (it) => <ActivityPage frame={it.inside(signedIn)} rows={happened(it)} older="?page=2" newer="?page=1" />,
  },
  { name: 'P48 none', portal: 'koop-cam', draw: (it) => <ActivityPage frame={it.inside(signedIn)} rows={[]} /> },
  { name: 'P50 sessions', portal: 'profiportaal', draw: (it) => <SessionsPage frame={it.inside(signedIn)} rows={sessions(it)} /> },
  {
    name: 'P50 ended',
    portal: 'c-point',
    draw: (it) => <SessionsPage frame={it.inside(signedIn)} rows={sessions(it).slice(0, 1)} ended />,
  },
  { name: 'P66 remembered', portal: 'c-point', draw: (it) => <SignOutPage frame={it.inside(signedIn)} canForget /> },
]
