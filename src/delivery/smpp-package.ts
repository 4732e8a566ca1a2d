import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

/*
 * The npm package `smpp` has no types of its own. These are the parts of it that the session uses (SMPP 3.4).
 */
export interface Pdu {
  readonly command: string
  readonly command_status: number
  isResponse(): boolean
  response(options?: object): Pdu
  readonly [field: string]: unknown
}

export interface SmppSession extends EventEmitter {
  readonly socket: Socket
  /** The methods that send return false, and never call back, when the line is closed. */
  send(pdu: Pdu): boolean
  bind_transceiver(options: object, answered: (answer: Pdu) => void): boolean
  submit_sm(options: object, answered: (answer: Pdu) => void): boolean
  enquire_link(answered: (answer: Pdu) => void): boolean
  unbind(answered: (answer: Pdu) => void): boolean
  destroy(): void
}

interface SmppPackage {
  connect(options: { host: string; port: number; tls?: boolean; servername?: string; minVersion?: 'TLSv1.2' }): SmppSession
  readonly errors: Readonly<Record<string, number>>
}

/** Loaded when a session is made: a start without text messages does without it. */
export const smppPackage = (): SmppPackage => createRequire(import.meta.url)('smpp')

/** ESME_RTHROTTLED rather than 88. */
export function statusName(status: number): string {
  const known = Object.entries(smppPackage().errors).find(([, code]) => code === status)
  return known?.[0] ?? `0x${status.toString(16).padStart(8, '0')}`
}
