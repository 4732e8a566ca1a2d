/*
 * The trouble a tester asks for: how the mail server and the SMS centre answer. Chosen at start (SLUIS_CATCHER_SMTP,
 * SLUIS_CATCHER_SMPP) and changed at run time (POST /api/behaviour), for instance {"smtp":"451"}.
 */

export const smtpModes = {
  accept: 'takes every mail',
  '451': 'answers RCPT TO with 451: later, perhaps',
  '550': 'answers RCPT TO with 550: never',
  '451-data': 'answers 451 after the whole message',
  '550-data': 'answers 550 after the whole message',
  silent: 'takes the connection and never answers again',
  slow: 'takes every mail, each answer some seconds late',
  closed: 'refuses the connection: nothing listens on the port',
} as const

export const smppModes = {
  accept: 'takes every message and sends the receipt that was asked',
  refuse: 'answers submit_sm with ESME_RSUBMITFAIL',
  throttle: 'answers submit_sm with ESME_RTHROTTLED',
  'refuse-bind': 'answers every bind with ESME_RINVPASWD',
  silent: 'takes the connection and never answers again',
  'no-receipt': 'takes every message and never sends a receipt',
  'fail-receipt': 'takes the message, delivers nothing and says so in the receipt (UNDELIV)',
  closed: 'refuses the connection: nothing listens on the port',
} as const

export type SmtpMode = keyof typeof smtpModes
export type SmppMode = keyof typeof smppModes

export interface Behaviour {
  smtp: SmtpMode
  smpp: SmppMode
  /** How late a 'slow' mail server answers. */
  slowSeconds: number
}

export const goodBehaviour: Behaviour = { smtp: 'accept', smpp: 'accept', slowSeconds: 8 }

/** The behaviour with what `wanted` changes, or the reason why that is not possible. */
export function changed(behaviour: Behaviour, wanted: unknown): Behaviour | { refused: string } {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return { refused: 'give an object such as {"smtp":"451"}' }
  const next = { ...behaviour }
  for (const [key, value] of Object.entries(wanted)) {
    if (key === 'smtp' && isOneOf(smtpModes, value)) next.smtp = value
    else if (key === 'smpp' && isOneOf(smppModes, value)) next.smpp = value
    else if (key === 'slowSeconds' && typeof value === 'number' && value >= 0 && value <= 600) next.slowSeconds = value
    else
      return {
        refused: `${key}: ${JSON.stringify(value)} given; smtp is one of ${names(smtpModes)}; smpp is one of ${names(smppModes)}; slowSeconds is 0 to 600`,
      }
  }
  return next
}

const isOneOf = <T extends object>(modes: T, value: unknown): value is keyof T => typeof value === 'string' && Object.hasOwn(modes, value)
const names = (modes: object) => Object.keys(modes).join(', ')
