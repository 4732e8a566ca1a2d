import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { type Listener, listenOnLoopback } from '../loopback.ts'
import type { Behaviour } from './behaviour.ts'
import type { Inbox, SmsFacts } from './inbox.ts'
import { type Receipt, receiptPdu } from './receipt.ts'
import { type Pdu, type SmppSession, smpp } from './smpp-package.ts'

/** An SMS centre (SMPP 3.4) that delivers into the inbox and sends the receipts that were asked for. */
export function startSmpp(port: number, inbox: Inbox, behaviour: () => Behaviour, clock: Clock): Promise<Listener> {
  const centre: Centre = { inbox, behaviour, clock, bound: new Map(), waiting: [], count: 0 }
  return listenOnLoopback(port, (socket) => attend(centre, socket))
}

interface Centre {
  inbox: Inbox
  behaviour: () => Behaviour
  clock: Clock
  bound: Map<SmppSession, { systemId: string; sends: boolean; receives: boolean }>
  /** Receipts for which no session that may receive is bound at the moment. */
  waiting: Receipt[]
  count: number
}

function attend(centre: Centre, socket: Socket): void {
  const session = new smpp.Session({ socket })
  session.on('pdu', (pdu: Pdu) => {
    if (pdu.isResponse() || centre.behaviour().smpp === 'silent') return
    answer(centre, session, pdu)
  })
  // Rubbish on the line, or a client that went away: its session ends and the centre goes on.
  session.on('error', () => session.destroy())
  session.on('close', () => centre.bound.delete(session))
}

function answer(centre: Centre, session: SmppSession, pdu: Pdu): void {
  switch (pdu.command) {
    case 'bind_transceiver':
    case 'bind_transmitter':
    case 'bind_receiver':
      bind(centre, session, pdu)
      break
    case 'enquire_link':
      session.send(pdu.response())
      break
    case 'unbind':
      session.send(pdu.response())
      centre.bound.delete(session)
      session.socket.end()
      break
    case 'submit_sm':
      submit(centre, session, pdu)
      break
    default:
      session.send(pdu.response({ command_status: smpp.errors.ESME_RINVCMDID }))
  }
}

function bind(centre: Centre, session: SmppSession, pdu: Pdu): void {
  if (centre.behaviour().smpp === 'refuse-bind') {
    session.send(pdu.response({ command_status: smpp.errors.ESME_RINVPASWD }))
    return
  }
  if (centre.bound.has(session)) {
    session.send(pdu.response({ command_status: smpp.errors.ESME_RALYBND }))
    return
  }
  const systemId = String(pdu.system_id ?? '')
  centre.bound.set(session, { systemId, sends: pdu.command !== 'bind_receiver', receives: pdu.command !== 'bind_transmitter' })
  session.send(pdu.response({ system_id: 'catcher', sc_interface_version: 0x34 }))
  for (const receipt of centre.waiting.splice(0)) sendReceipt(centre, receipt)
}

function submit(centre: Centre, session: SmppSession, pdu: Pdu): void {
  const client = centre.bound.get(session)
  const mode = centre.behaviour().smpp
  const refusal = client?.sends ? submitRefusals[mode] : 'ESME_RINVBNDSTS'
  if (!client || refusal) {
    session.send(pdu.response({ command_status: smpp.errors[refusal ?? 'ESME_RINVBNDSTS'] }))
    return
  }

  const smppId = `${centre.clock().toString(16)}${(++centre.count).toString(16).padStart(4, '0')}`
  const from = String(pdu.source_addr ?? '')
  const to = String(pdu.destination_addr ?? '')
  const isDelivered = mode !== 'fail-receipt'
  if (isDelivered) {
    const { text, via } = textOf(pdu)
    const sms = { ...factsOf(pdu), smppId, systemId: client.systemId, via }
    centre.inbox.add({ kind: 'sms', from, to, subject: '', text, html: '', sms })
  }
  session.send(pdu.response({ message_id: smppId }))

  // SMPP 3.4, 5.2.17: 1 asks a receipt always, 2 for a failure alone; the other bits are about acknowledgements.
  const asked = Number(pdu.registered_delivery ?? 0) & 3
  if (mode === 'no-receipt' || !(asked === 1 || (asked === 2 && !isDelivered))) return
  setImmediate(() => sendReceipt(centre, { smppId, systemId: client.systemId, from, to, isDelivered, submittedAt: centre.clock() }))
}

function sendReceipt(centre: Centre, receipt: Receipt): void {
  for (const [session, client] of centre.bound) {
    if (client.receives && client.systemId === receipt.systemId && session.socket.writable) {
      session.deliver_sm(receiptPdu(receipt, centre.clock()))
      return
    }
  }
  centre.waiting.push(receipt)
  if (centre.waiting.length > 1000) centre.waiting.shift()
}

function textOf(pdu: Pdu): { text: string; via: SmsFacts['via'] } {
  const [short, payload] = [contentOf(pdu.short_message), contentOf(pdu.message_payload)]
  return short === '' && payload !== '' ? { text: payload, via: 'message_payload' } : { text: short, via: 'short_message' }
}

function contentOf(field: unknown): string {
  const content = typeof field === 'object' && field !== null && 'message' in field ? field.message : field
  return Buffer.isBuffer(content) ? content.toString('latin1') : typeof content === 'string' ? content : ''
}

function factsOf(pdu: Pdu): Omit<SmsFacts, 'smppId' | 'systemId' | 'via'> {
  const number = (field: string) => Number(pdu[field] ?? 0)
  const dataCoding = number('data_coding')
  return {
    sourceTon: number('source_addr_ton'),
    sourceNpi: number('source_addr_npi'),
    destTon: number('dest_addr_ton'),
    destNpi: number('dest_addr_npi'),
    dataCoding,
    encoding: ({ 0: 'gsm-7', 1: 'gsm-7', 3: 'latin-1', 8: 'ucs-2' } as const)[dataCoding as 0 | 1 | 3 | 8] ?? 'other',
    registeredDelivery: number('registered_delivery'),
  }
}

const submitRefusals: Record<string, string> = { refuse: 'ESME_RSUBMITFAIL', throttle: 'ESME_RTHROTTLED' }
