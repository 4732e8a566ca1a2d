import type { Pdu } from './smpp-package.ts'

/** What a centre reports about a message that it had taken. */
export interface Receipt {
  readonly providerId: string
  readonly state: 'delivered' | 'failed'
  /** The words of the report, such as `UNDELIV 001`. */
  readonly code: string
}

/** SMPP 3.4, section 5.2.28, as the numbers of message_state. */
const states: Readonly<Record<number, string>> = { 2: 'DELIVRD', 3: 'EXPIRED', 4: 'DELETED', 5: 'UNDELIV', 8: 'REJECTD' }
const ends: Readonly<Record<string, Receipt['state']>> = {
  DELIVRD: 'delivered',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  REJECTD: 'failed',
}

/**
 * The delivery receipt in a deliver_sm; undefined for anything else: a text from a phone, a report that is not the last one.
 * The fields made for it come first, else the text of SMPP 3.4, appendix B.
 */
export function receiptOf(pdu: Pdu): Receipt | undefined {
  // Section 5.2.12: of the message types only 'delivery receipt' counts.
  if ((Number(pdu.esm_class ?? 0) & 0x3c) !== 0x04) return undefined
  const text = textOf(pdu.short_message) || textOf(pdu.message_payload)
  const providerId = textOf(pdu.receipted_message_id) || /\bid:([\w.-]{1,64})/.exec(text)?.[1]
  const stat = states[Number(pdu.message_state)] ?? /\bstat:([A-Z]{5,8})\b/.exec(text)?.[1] ?? ''
  const state = ends[stat]
  if (!providerId || !state) return undefined
  const error = /\berr:([0-9A-Za-z]{1,8})\b/.exec(text)?.[1]
  return { providerId, state, code: state === 'delivered' || !error ? stat : `${stat} ${error}` }
}

function textOf(field: unknown): string {
  const content = typeof field === 'object' && field !== null && 'message' in field ? field.message : field
  return Buffer.isBuffer(content) ? content.toString('latin1') : typeof content === 'string' ? content : ''
}

export type SmsFailure = 'off' | 'unknown' | 'refused' | 'no-reason'

/** Errors of the mobile network (3GPP TS 29.002) as most centres report them in `err`. */
const networkErrors: Readonly<Record<string, SmsFailure>> = {
  1: 'unknown',
  5: 'unknown',
  6: 'off',
  27: 'off',
  11: 'refused',
  13: 'refused',
  21: 'refused',
}

/** Why a text message did not arrive, in the four reasons that people are told. */
export function failureOf(code: string | null): SmsFailure {
  const [stat = '', error = ''] = (code ?? '').split(' ')
  if (stat === 'ESME_RINVDSTADR') return 'unknown'
  const reason = networkErrors[error.replace(/^0+(?=\d)/, '')]
  if (reason) return reason
  return stat === 'EXPIRED' ? 'off' : stat === 'REJECTD' ? 'refused' : 'no-reason'
}
