import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import { refuseClearText } from './clear-text.ts'
import { encodeSms, type Sms } from './messages/render.ts'
import type { HandOver, Outcome, Sender } from './outcome.ts'
import type { Receipt } from './receipt.ts'
import { statusName } from './smpp-package.ts'
import { type Bound, bindSession, type SmppPatience, type TextCentre } from './smpp-session.ts'

export const smppPatience: SmppPatience = {
  bind: 20_000,
  answer: 20_000,
  enquire: 30_000,
  enquireAnswer: 10_000,
  line: 3_000,
  reconnect: [1_000, 2_000, 5_000, 10_000, 30_000],
}
/** Messages that wait for the centre's answer at one moment. */
export const smppWindow = 10

export interface CentreHearing {
  /** The line is there (again). */
  bound(): void
  /** @returns when the receipt is kept, so that the centre may forget it. */
  receipt(receipt: Receipt): Promise<void>
}

interface Surroundings {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

/** One bound session to the centre, made at once and made again when it breaks: receipts come whenever they come. */
export function openSmpp(
  server: TextCentre,
  hearing: CentreHearing,
  { clock, random, log }: Surroundings,
  patience: SmppPatience = smppPatience,
): Sender<Sms> {
  refuseClearText('smpp', server.host, server.secure)
  let line: Bound | undefined
  let trouble = { code: 'not-bound', reason: 'the session is being bound' }
  const closing = new AbortController()
  let isClosing = false
  let failures = 0
  let redial: NodeJS.Timeout | undefined
  const waiters = new Set<() => void>()

  const dial = async (): Promise<void> => {
    const lost = (): void => afterLoss('lost', 'the session ended')
    const dialled = await bindSession(server, patience, { receipt: hearing.receipt, lost }, closing.signal)
    if ('failed' in dialled) return afterLoss(dialled.failed, dialled.reason)
    line = dialled
    failures = 0
    log.info({ centre: server.host }, 'the SMS centre is bound')
    for (const go of waiters) go()
    hearing.bound()
  }
  const afterLoss = (code: string, reason: string): void => {
    line = undefined
    // The centre hangs up when we say goodbye: that is no loss.
    if (isClosing) return
    if (failures === 0 || code !== trouble.code) log.error({ centre: server.host, code, reason }, 'the SMS centre cannot be used')
    trouble = { code, reason }
    const wait = patience.reconnect[Math.min(failures++, patience.reconnect.length - 1)] ?? 0
    // Two nodes that lost the same centre do not come back in step.
    redial = setTimeout(() => void dial(), wait + random.below(Math.max(1, Math.floor(wait / 5))))
  }
  const bound = async (): Promise<Bound | undefined> => {
    if (!line && failures === 0 && !closing.signal.aborted) await soonBound(waiters, patience.line)
    return line
  }
  void dial()

  return {
    send: async (sms, handOver) => {
      const free = await bound()
      if (!free) return { outcome: 'no-connection', ...trouble, isUnclear: false }
      return submit(free, sms, handOver, clock)
    },
    close: async (force = false) => {
      const last = line
      isClosing = true
      clearTimeout(redial)
      if (!force) await last?.close()
      closing.abort()
      for (const go of waiters) go()
    },
  }
}

/** Until the line is there, the door closes, or the time is up. */
function soonBound(waiters: Set<() => void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      waiters.delete(done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    waiters.add(done)
  })
}

async function submit(line: Bound, sms: Sms, handOver: HandOver, clock: Clock): Promise<Outcome> {
  if (!(await handOver())) return { outcome: 'stopped' }
  const answer = await line.submit(submitFields(sms, Math.ceil((sms.endsAt - clock.now()) / 1000)))
  if (answer.status === 'unsent') return { outcome: 'no-connection', code: 'lost', reason: 'the session ended', isUnclear: false }
  if (answer.status === 'unanswered') return { outcome: 'no-connection', code: 'unanswered', reason: 'no answer came', isUnclear: true }
  if (answer.status === 0) return { outcome: 'accepted', code: null, said: null, ...(answer.id ? { providerId: answer.id } : {}) }
  const code = statusName(answer.status)
  if (code === 'ESME_RINVBNDSTS') return { outcome: 'no-connection', code, reason: 'the centre knows no session', isUnclear: false }
  return { outcome: forNow.includes(code) ? 'delayed' : 'refused', code, said: null }
}

/** The centre is busy or broken; the message itself is fine. */
const forNow = ['ESME_RTHROTTLED', 'ESME_RMSGQFUL', 'ESME_RSYSERR', 'ESME_RX_T_APPN']

/** SMPP 3.4, section 4.4.1. */
function submitFields({ sender, to, text }: Sms, secondsLeft: number): object {
  const { dataCoding, bytes, fitsOneMessage } = encodeSms(text)
  return {
    // 5: letters, 0: of no numbering plan.
    source_addr_ton: 5,
    source_addr_npi: 0,
    source_addr: sender,
    // 1, 1: an international telephone number.
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: to,
    registered_delivery: 1,
    validity_period: periodOf(secondsLeft),
    data_coding: dataCoding,
    ...(fitsOneMessage ? { short_message: bytes } : { message_payload: bytes }),
  }
}

/** Relative time of section 7.1.1.2: YYMMDDhhmmss, three zeros, R. */
function periodOf(seconds: number): string {
  const left = Math.max(1, seconds)
  const parts = [Math.floor(left / 86_400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60]
  return `0000${parts.map((it) => String(it).padStart(2, '0')).join('')}000R`
}
