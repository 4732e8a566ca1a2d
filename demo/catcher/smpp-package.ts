import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

/*
 * The npm package `smpp` carries no types. These are the parts the catcher and its tests use (SMPP 3.4).
 * As interfaces of our own and not as a module declaration, which would reach beyond the demo.
 */

export interface Pdu {
  command: string
  command_status: number
  sequence_number: number
  isResponse(): boolean
  response(options?: object): Pdu
  [field: string]: unknown
}

export interface SmppSession extends EventEmitter {
  socket: Socket
  send(pdu: Pdu, answered?: (answer: Pdu) => void): boolean
  deliver_sm(options: object, answered?: (answer: Pdu) => void): boolean
  bind_transceiver(options: object, answered?: (answer: Pdu) => void): boolean
  bind_transmitter(options: object, answered?: (answer: Pdu) => void): boolean
  submit_sm(options: object, answered?: (answer: Pdu) => void): boolean
  enquire_link(answered?: (answer: Pdu) => void): boolean
  destroy(): void
}

interface SmppPackage {
  Session: new (options: { socket: Socket }) => SmppSession
  connect(options: { host: string; port: number }): SmppSession
  errors: Record<string, number>
}

export const smpp = createRequire(import.meta.url)('smpp') as SmppPackage
