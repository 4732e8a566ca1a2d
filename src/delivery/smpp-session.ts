import { type Receipt, receiptOf } from './receipt.ts'
import { type Pdu, type SmppSession, smppPackage, statusName } from './smpp-package.ts'

export interface TextCentre {
  readonly host: string
  readonly port: number
  /** none: plain text, only for a centre, or a tunnel to one, on this machine. */
  readonly secure: 'tls' | 'none'
  readonly systemId: string
  readonly password?: string | undefined
}

/** How long the centre may keep us waiting, in milliseconds. */
export interface SmppPatience {
  readonly bind: number
  readonly answer: number
  /** Between two questions whether the line still lives, and for the answer. */
  readonly enquire: number
  readonly enquireAnswer: number
  /** A message waits this long for a line that is just being made. */
  readonly line: number
  /** Between two tries to bind; the last one repeats. */
  readonly reconnect: readonly number[]
}

/** `unsent`: nothing left. `unanswered`: it left, and no answer came. */
export type Answer = { readonly status: 'unsent' | 'unanswered' } | { readonly status: number; readonly id: string }

export interface Bound {
  submit(fields: object): Promise<Answer>
  /** Says goodbye, two seconds long. */
  close(): Promise<void>
}

interface Hearing {
  receipt(receipt: Receipt): Promise<void>
  lost(): void
}

/**
 * Connects and binds as transceiver: one line that sends messages and hears of them. `lost` is called once, only after it was
 * bound. `closing` hangs up, whatever is going on.
 */
export function bindSession(
  server: TextCentre,
  patience: SmppPatience,
  hearing: Hearing,
  closing: AbortSignal,
): Promise<Bound | { readonly failed: string; readonly reason: string }> {
  const { host, port, secure, systemId, password = '' } = server
  const session = smppPackage().connect({ host, port, ...(secure === 'tls' ? { tls: true, servername: host, minVersion: 'TLSv1.2' } : {}) })
  return new Promise((resolve) => {
    let line: Bound | undefined
    let isOver = false
    const end = (failed: string, reason: string): void => {
      if (isOver) return
      isOver = true
      clearTimeout(tooLong)
      closing.removeEventListener('abort', hangUp)
      session.destroy()
      if (line) hearing.lost()
      else resolve({ failed, reason })
    }
    const hangUp = (): void => end('closed', 'we are closing')
    closing.addEventListener('abort', hangUp)
    const tooLong = setTimeout(() => end('ETIMEDOUT', 'no answer to the bind'), patience.bind)
    // After rubbish on the line the package reads no further: the session ends and a new one is made.
    session.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'EPROTOCOL', error.message))
    session.on('close', () => end('lost', 'the centre closed the line'))
    session.on(secure === 'tls' ? 'secureConnect' : 'connect', () => {
      session.bind_transceiver({ system_id: systemId, password, interface_version: 0x34 }, ({ command_status }) => {
        if (command_status !== 0) return end(statusName(command_status), 'the centre refused the bind')
        if (isOver) return
        clearTimeout(tooLong)
        line = lineOver(session, patience)
        answerQuestions(session, hearing)
        resolve(line)
      })
    })
  })
}

function lineOver(session: SmppSession, patience: SmppPatience): Bound {
  const open = new Set<(answer: Answer) => void>()
  let hangUp: NodeJS.Timeout | undefined
  const enquire = (): void => {
    hangUp ??= setTimeout(() => session.destroy(), patience.enquireAnswer)
    session.enquire_link(() => {
      clearTimeout(hangUp)
      hangUp = undefined
    })
  }
  const pulse = setInterval(enquire, patience.enquire)
  session.on('close', () => {
    clearInterval(pulse)
    clearTimeout(hangUp)
    for (const finish of open) finish({ status: 'unanswered' })
  })
  return {
    submit: (fields) =>
      new Promise((resolve) => {
        const finish = (answer: Answer): void => {
          clearTimeout(tooLong)
          open.delete(finish)
          resolve(answer)
        }
        const tooLong = setTimeout(() => {
          finish({ status: 'unanswered' })
          enquire()
        }, patience.answer)
        open.add(finish)
        const isSent = session.submit_sm(fields, ({ command_status, message_id }) =>
          finish({ status: command_status, id: String(message_id ?? '') }),
        )
        if (!isSent) finish({ status: 'unsent' })
      }),
    close: () =>
      new Promise((resolve) => {
        if (session.socket.destroyed) return resolve()
        const bye = setTimeout(() => session.destroy(), 2_000)
        session.once('close', () => {
          clearTimeout(bye)
          resolve()
        })
        session.unbind(() => session.destroy())
      }),
  }
}

/** What the centre asks of us. A text from a phone is taken and forgotten: it commands nothing here. */
function answerQuestions(session: SmppSession, hearing: Hearing): void {
  session.on('pdu', (pdu: Pdu) => {
    if (pdu.isResponse()) return
    if (pdu.command === 'deliver_sm') return void hear(session, hearing, pdu)
    if (pdu.command === 'enquire_link') session.send(pdu.response())
    else if (pdu.command === 'unbind') {
      session.send(pdu.response())
      session.socket.end()
    } else session.send(pdu.response({ command_status: smppPackage().errors.ESME_RINVCMDID }))
  })
}

/** Said yes to only when the receipt is kept; the centre brings it again when we could not. */
async function hear(session: SmppSession, hearing: Hearing, pdu: Pdu): Promise<void> {
  const receipt = receiptOf(pdu)
  try {
    if (receipt) await hearing.receipt(receipt)
    session.send(pdu.response())
  } catch {
    session.send(pdu.response({ command_status: smppPackage().errors.ESME_RX_T_APPN }))
  }
}
