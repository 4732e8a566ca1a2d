import { type Asked, type Handler, json, Refusal } from '../http.ts'
import { type Behaviour, changed, smppModes, smtpModes } from './behaviour.ts'
import type { Inbox, Message } from './inbox.ts'

/*
 * GET    /api/messages            all, newest first; ?to= and ?kind= choose, ?limit= cuts
 * GET    /api/messages/{id}       one, a mail with its raw source
 * DELETE /api/messages            empties the inbox
 * GET    /api/behaviour           how the two servers answer now, and what else they can do
 * POST   /api/behaviour           {"smtp": ..., "smpp": ..., "slowSeconds": ...}: any of them
 */

interface Options {
  inbox: Inbox
  behaviour(): Behaviour
  change(behaviour: Behaviour): Promise<void>
}

export function api({ inbox, behaviour, change }: Options): Handler {
  return async (asked) => {
    const [, , thing, id, ...rest] = asked.path.split('/')
    if (rest.length > 0) throw notFound()
    if (thing === 'messages' && id === undefined && asked.method === 'GET')
      return json(chosen(inbox.all(), asked.url.searchParams).map(told))
    if (thing === 'messages' && id === undefined && asked.method === 'DELETE') {
      inbox.clear()
      return { status: 204, headers: {}, body: '' }
    }
    if (thing === 'messages' && id !== undefined && asked.method === 'GET') {
      const message = inbox.find(id)
      if (!message) throw notFound()
      return json({ ...told(message), ...(message.mail ? { raw: message.mail.raw } : {}) })
    }
    if (thing === 'behaviour' && id === undefined && asked.method === 'GET')
      return json({ ...behaviour(), modes: { smtp: smtpModes, smpp: smppModes } })
    if (thing === 'behaviour' && id === undefined && asked.method === 'POST') {
      const next = changed(behaviour(), await parsed(asked))
      if ('refused' in next) throw new Refusal(422, next.refused)
      await change(next)
      return json(next)
    }
    throw notFound()
  }
}

/** The outside shape: the contract's fields first, then what only this kind of message has. */
function told({ mail, sms, ...message }: Message): object {
  const { raw: _raw, ...facts } = mail ?? { raw: '' }
  return { ...message, ...facts, ...(sms ? { smpp: sms } : {}) }
}

function chosen(messages: Message[], wanted: URLSearchParams): Message[] {
  const [to, kind, limit] = [wanted.get('to'), wanted.get('kind'), Number(wanted.get('limit') ?? Number.POSITIVE_INFINITY)]
  return messages.filter((message) => (to === null || message.to.includes(to)) && (kind === null || message.kind === kind)).slice(0, limit)
}

async function parsed(asked: Asked): Promise<unknown> {
  try {
    return JSON.parse(await asked.body())
  } catch {
    throw new Refusal(400, 'give the behaviour as JSON')
  }
}

const notFound = () => new Refusal(404, 'there is nothing here')
