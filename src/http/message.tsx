import { MessagePage, type MessageProps, type Said } from '../pages/index.ts'
import { checkMessage, type MessageCheck } from '../recovery/index.ts'
import type { Words } from '../words/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { senderOf } from './lines.tsx'
import { path } from './paths.ts'
import type { Answer, GetRoute, Handler, PostRoute, Visit } from './visit.ts'

/* P60: is this message from us? Asked by anybody, signed in or not. */

const ask: Handler = async (visit) => draw(visit, 200, {})

const check: Handler = async (visit) => {
  const { doors, portal, visitor, fields, now } = visit
  const typed = fields.get('message') ?? ''
  const found = await checkMessage(doors.house, portal, visitor.address, typed, now)
  return answerTo(visit, found, typed.slice(0, 100))
}

function answerTo(visit: Visit, found: MessageCheck, typed: string): Answer {
  const { told } = frameFor(visit).words
  switch (found.message) {
    case 'ours':
      return draw(visit, 200, { typed, found: { date: told.date(found.at) } })
    case 'sent-lately':
      return draw(visit, 200, { typed, found: 'reference' })
    case 'too-many': {
      const answer = draw(visit, 429, { typed }, (words) => words.t('message.tooMany', { moment: told.moment(found.until) }))
      return { ...answer, retryAfterSeconds: Math.ceil((found.until - visit.now) / 1000) }
    }
    case 'empty':
      return draw(visit, 422, {}, (words) => words.t('message.empty'))
    case 'not-found':
      return draw(visit, 422, { typed }, (words) => words.t('message.notFound'))
  }
}

function draw(visit: Visit, status: number, props: Pick<MessageProps, 'typed' | 'found'>, problem?: (words: Words) => string): Answer {
  const { portal, now } = visit
  const plain = frameFor(visit, { at: path.message })
  const said: Said | undefined = problem && { text: problem(plain.words), field: 'message' }
  const page = (
    <MessagePage frame={said ? { ...plain, said } : plain} from={portal.mail.from} sender={portal.sms && senderOf(portal)} {...props} />
  )
  return pageAnswer(visit, { request: { at: now } }, page, status)
}

export const messageGets: readonly GetRoute[] = [{ path: path.message, handler: ask }]
export const messagePosts: readonly PostRoute[] = [{ path: path.message, fields: ['message'], handler: check }]
