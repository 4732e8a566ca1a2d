import { mostRefusalsOfNetwork, mostRefusalsOfPortal } from '../audit/index.ts'
import { clientGuesses, mostPushed } from '../connect/index.ts'
import { longestPassword, longestQueue } from '../factors/index.ts'
import { mostSessions, networkPauses } from '../sign-in/index.ts'

/** What a request may be, in bytes, characters, pieces or milliseconds. Whoever reads a request reads its bound here. */
export const bounds = {
  headerBytes: 16_384,
  headerMilliseconds: 10_000,
  requestMilliseconds: 20_000,
  restMilliseconds: 5_000,
  formBytes: 65_536,
  formFields: 20,
  cookieCharacters: 128,
  languageCharacters: 200,
} as const

export interface Bound {
  readonly of: string
  readonly most: string
  /** What happens beyond it. */
  readonly beyond: string
}

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`

/** docs/limits.md prints these beside the limits of the portal file. */
export const boundsTable: readonly Bound[] = [
  { of: 'the headers of a request', most: `${bounds.headerBytes / 1024} kB`, beyond: '431' },
  { of: 'the time in which headers come', most: seconds(bounds.headerMilliseconds), beyond: '408, the connection is closed' },
  { of: 'the time in which a whole request comes', most: seconds(bounds.requestMilliseconds), beyond: '408, the connection is closed' },
  { of: 'a connection at rest', most: seconds(bounds.restMilliseconds), beyond: 'it is closed' },
  { of: 'a form', most: `${bounds.formBytes / 1024} kB`, beyond: '413' },
  { of: 'the fields of a form', most: `${bounds.formFields}, each once and declared`, beyond: '400' },
  { of: 'the value of a cookie of ours', most: `${bounds.cookieCharacters} characters`, beyond: 'it counts as none' },
  { of: 'Accept-Language', most: `${bounds.languageCharacters} characters`, beyond: 'the rest is not read' },
  { of: 'a body of JSON, a packed body', most: 'none', beyond: '415 or 400' },
  { of: 'a user name', most: '250 characters', beyond: 'it is the name of nobody' },
  { of: 'a password', most: `${longestPassword} characters`, beyond: '422, before anything is computed' },
  { of: 'a typed code', most: '500 characters', beyond: '422' },
  { of: 'a phone number, a mail address', most: '30 and 254 characters', beyond: '422' },
  {
    of: 'passwords that wait to be checked',
    most: `${longestQueue}, as many at once as there are cores`,
    beyond: '503, and no try is counted',
  },
  {
    of: 'a network that gave too many wrong passwords',
    most: `a pause of ${networkPauses.first} to ${networkPauses.longest} seconds`,
    beyond: '429 for who is not known there and whose page did not work for it',
  },
  {
    of: 'wrong secrets of one application from one network',
    most: `${clientGuesses.failures} an hour, then a pause of ${clientGuesses.pauseSeconds} to ${clientGuesses.longestSeconds} seconds`,
    beyond: '401 without a look; never where the right one came from in the last 90 days',
  },
  { of: 'sessions of an account', most: `${mostSessions}`, beyond: 'the one that was not seen for the longest time ends' },
  { of: 'requests that one client sends ahead (PAR)', most: `${mostPushed} a minute`, beyond: '429' },
  {
    of: 'refusals of one kind that are written down, without an account',
    most: `${mostRefusalsOfNetwork} an hour for a network, ${mostRefusalsOfPortal} for a portal`,
    beyond: 'one event tells that more came; the metric goes on',
  },
]
