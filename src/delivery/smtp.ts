import { Readable } from 'node:stream'
import { refuseClearText } from './clear-text.ts'
import type { Mail } from './messages/render.ts'
import { cleaned, type HandOver, type Outcome, type Sender } from './outcome.ts'

export interface MailServer {
  readonly host: string
  readonly port: number
  /** none: plain text, only for a server on this machine. */
  readonly secure: 'starttls' | 'tls' | 'none'
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** How long the other server may keep us waiting, in milliseconds. */
export interface SmtpPatience {
  readonly connection: number
  readonly greeting: number
  /** Between two signs of life. */
  readonly silence: number
  /** For one mail from its place in the pool to the last answer: also a server that trickles comes to an end. */
  readonly whole: number
}

export const smtpPatience: SmtpPatience = { connection: 10_000, greeting: 20_000, silence: 45_000, whole: 75_000 }
export const smtpAtOnce = 5

/** Connections to one mail server, kept open between mails. Certificates are checked; the text leaves last, when `handOver` agrees. */
export function openSmtp(server: MailServer, patience: SmtpPatience = smtpPatience): Sender<Mail> {
  refuseClearText('smtp', server.host, server.secure)
  const questions = new Map<string, HandOver>()
  let made: ReturnType<typeof connections> | undefined
  return {
    send: async (mail, handOver) => {
      made ??= connections(server, patience, questions)
      const post = await made
      const leaving = { isStopped: false, hasLeft: false }
      questions.set(mail.messageId, async () => {
        leaving.hasLeft = await handOver()
        leaving.isStopped = !leaving.hasLeft
        return leaving.hasLeft
      })
      try {
        const { response } = await post.sendMail({ ...envelopeOf(mail), signal: AbortSignal.timeout(patience.whole) })
        return { outcome: 'accepted', ...answerOf(response, mail.to) }
      } catch (error) {
        return leaving.isStopped ? { outcome: 'stopped' } : outcomeOf(error as SmtpError, mail.to, leaving.hasLeft)
      } finally {
        questions.delete(mail.messageId)
      }
    },
    close: async (force = false) => (await made)?.close({ force }),
  }
}

/** Made for the first mail: nodemailer takes a tenth of a second to load, which no start waits for. */
async function connections(server: MailServer, patience: SmtpPatience, questions: ReadonlyMap<string, HandOver>) {
  const { createTransport } = await import('nodemailer')
  const post = createTransport({
    pool: true,
    maxConnections: smtpAtOnce,
    // Only of a connection that ended between two mails; a mail that had begun to leave is never queued again by the pool.
    maxRequeues: 1,
    host: server.host,
    port: server.port,
    secure: server.secure === 'tls',
    requireTLS: server.secure === 'starttls',
    ignoreTLS: server.secure === 'none',
    tls: { minVersion: 'TLSv1.2' },
    ...(server.user === undefined ? {} : { auth: { user: server.user, pass: server.password ?? '' } }),
    connectionTimeout: patience.connection,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.silence,
    socketCloseTimeout: 1_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // What the pool says of its connections is said by the outcome of each mail.
  post.on('error', () => undefined)
  post.use('stream', (mail, done) => {
    const text = mail.message.createReadStream.bind(mail.message)
    const ask = questions.get(String(mail.data.messageId))
    if (ask) mail.message.createReadStream = () => Readable.from(textAfter(ask, text), { objectMode: false })
    done()
  })
  return post
}

/** Read by nodemailer only when the server has asked for the text (354). */
async function* textAfter(ask: HandOver, text: () => Readable): AsyncGenerator<Buffer> {
  if (!(await ask())) throw new Error('the text must not leave any more')
  yield* text()
}

function envelopeOf({ from, to, replyTo, subject, text, html, language, messageId, date }: Mail) {
  return {
    envelope: { from: from.address, to: [to] },
    from,
    to: { name: '', address: to },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    subject,
    text,
    html,
    messageId,
    date: new Date(date),
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
    xMailer: false as const,
  }
}

interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
}

/** The session wants a password, or TLS: our own house is not in order, and the mail waits. */
const oursToMend = [530, 534, 535, 538]

function outcomeOf(error: SmtpError, receiver: string, hasLeft: boolean): Outcome {
  const { code = 'EUNKNOWN', responseCode, response = '' } = error
  const isAboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (!isAboutThisMail || !responseCode || oursToMend.includes(responseCode))
    return { outcome: 'no-connection', code, reason: cleaned(error.message, receiver), isUnclear: hasLeft }
  // 503: the session was in the wrong state, which says nothing of the mail.
  const isForGood = responseCode >= 500 && responseCode !== 503
  return { outcome: isForGood ? 'refused' : 'delayed', ...answerOf(response, receiver), code: String(responseCode) }
}

function answerOf(response: string, receiver: string): { code: string | null; said: string | null } {
  const code = /^\d{3}/.exec(response)?.[0] ?? null
  return { code, said: cleaned(response.replace(/^\d{3}[ -]?/gm, ''), receiver) || null }
}
