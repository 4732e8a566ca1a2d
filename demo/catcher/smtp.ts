import type { Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { type Listener, listenOnLoopback } from '../loopback.ts'
import type { Behaviour } from './behaviour.ts'
import type { Inbox } from './inbox.ts'

/** A mail server that delivers into the inbox. `behaviour` is asked again at every command, so a change counts at once. */
export function startSmtp(port: number, inbox: Inbox, behaviour: () => Behaviour): Promise<Listener> {
  const server = new SMTPServer({
    name: 'catcher.localhost',
    banner: 'demo catcher',
    authOptional: true,
    // Any name and password will do, without TLS too: there is nothing to protect on this machine.
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    logger: false,
    size: maxMailBytes,
    // As long as a patient sender waits: a silent server must not hang up first and so give an answer after all.
    socketTimeout: 15 * 60_000,
    onAuth: (auth, _session, answer) => inTurn(behaviour(), () => answer(null, { user: auth.username ?? 'someone' })),
    onConnect: (_session, answer) => inTurn(behaviour(), () => answer()),
    onMailFrom: (_address, _session, answer) => inTurn(behaviour(), () => answer()),
    onRcptTo: (_address, _session, answer) => inTurn(behaviour(), () => answer(refusalAt('rcpt', behaviour()))),
    onData(stream, session, answer) {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        inTurn(behaviour(), async () => {
          const refusal = refusalAt('data', behaviour())
          if (refusal) return answer(refusal)
          if (stream.sizeExceeded) return answer(smtpError(552, '5.3.4 Message too big for this catcher'))
          const { mailFrom, rcptTo } = session.envelope
          await keep(inbox, Buffer.concat(pieces), { from: mailFrom ? mailFrom.address : '', to: rcptTo.map((to) => to.address) })
          answer(null, 'OK: in the inbox')
        }).catch((error: Error) => answer(smtpError(554, `5.6.0 ${error.message}`)))
      })
    },
  })
  // A client that hangs up in the middle is everyday life here, and no fault of the catcher.
  server.on('error', () => {})
  return listenOnLoopback(port, (socket: Socket) => server.connect(socket))
}

async function keep(inbox: Inbox, raw: Buffer, envelope: { from: string; to: string[] }): Promise<void> {
  const mail = await PostalMime.parse(raw)
  const headers: Record<string, string> = Object.create(null)
  for (const { key, value } of mail.headers) headers[key] = key in headers ? `${headers[key]}\n${value}` : value
  const to = (mail.to ?? []).flatMap((entry) => (entry.group ?? [entry]).map((mailbox) => mailbox.address))
  inbox.add({
    kind: 'mail',
    from: mail.from?.address ?? envelope.from,
    to: (to.length > 0 ? to : envelope.to).join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    mail: { envelope, fromName: mail.from?.name ?? '', headers, raw: raw.toString('utf8') },
  })
}

/** Runs `answer` now, late, or (a silent server) never. */
async function inTurn(behaviour: Behaviour, answer: () => unknown): Promise<void> {
  if (behaviour.smtp === 'silent') return
  if (behaviour.smtp === 'slow') await new Promise((resolve) => setTimeout(resolve, behaviour.slowSeconds * 1000).unref())
  await answer()
}

function refusalAt(moment: 'rcpt' | 'data', { smtp }: Behaviour): Error | undefined {
  if (smtp === (moment === 'rcpt' ? '451' : '451-data')) return smtpError(451, '4.3.0 Try again later')
  if (smtp === (moment === 'rcpt' ? '550' : '550-data')) return smtpError(550, '5.1.1 No such mailbox here')
  return undefined
}

const smtpError = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

const maxMailBytes = 512 * 1024
