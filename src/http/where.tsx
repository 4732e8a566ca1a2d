import { optionsOf } from '../decision/index.ts'
import { type MessageStory, timelineOf } from '../delivery/index.ts'
import { WherePage, type WhereState } from '../pages/index.ts'
import type { Situation } from '../sign-in/index.ts'
import type { Words } from '../words/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { senderOf } from './lines.tsx'
import { pathOf } from './paths.ts'
import type { Answer, Visit } from './visit.ts'

/** P30: only for this sign-in, only after the right password. */
export async function wherePage(visit: Visit, situation: Situation): Promise<Answer | undefined> {
  const { attempt, view, need, facts, step } = situation
  if (step.step !== 'prove' || !attempt || !view) return undefined
  const frame = frameFor(visit, { situation, at: pathOf(step, need) })
  const [story] = await timelineOf(visit.doors.house.storage.db, attempt.id)
  const { told } = frame.words
  return pageAnswer(
    visit,
    situation,
    <WherePage
      frame={frame}
      code={
        story && {
          reference: story.reference,
          askedAt: told.clock(story.askedAt),
          now: stateOf(story, frame.words, senderOf(visit.portal) ?? ''),
        }
      }
      events={story ? story.events.toReversed().map((it) => ({ at: told.clock(it.at), event: it.state })) : []}
      itText={story && itText(story, visit.portal.mail.from)}
      canChooseOther={optionsOf(need, view, facts).length > 1}
    />,
  )
}

function stateOf(story: MessageStory, { told }: Words, sender: string): WhereState {
  const channel = story.domain === undefined ? 'sms' : 'mail'
  const last = story.events.at(-1)
  const at = told.clock(last?.at ?? story.askedAt)
  const nextAt = told.clock(last?.nextAt ?? story.askedAt)
  const domain = story.domain ?? ''
  if (story.trouble) return { state: 'trouble', channel, at: told.clock(story.trouble.since), nextAt: told.clock(story.trouble.nextAt) }
  if (story.failure) return { state: 'failed', reason: failures[story.failure] }
  switch (story.state) {
    case 'queued':
      return { state: 'queued', channel }
    case 'accepted':
      return story.domain === undefined ? { state: 'handed-over', at } : { state: 'accepted', domain, at }
    case 'delayed':
      return { state: 'delayed', nextAt, ...(story.domain === undefined ? {} : { domain }) }
    case 'refused':
      return { state: 'refused', domain, at, reason: [last?.code, last?.said].filter(Boolean).join(' ') }
    case 'delivered':
      return { state: 'delivered', at, sender }
    case 'failed':
      return { state: 'failed', reason: 'noReason' }
    default:
      return { state: 'too-late', channel }
  }
}

const failures = { off: 'off', unknown: 'unknown', refused: 'refused', 'no-reason': 'noReason' } as const

/** For the other side's IT department: times, numbers and answers, never a name, an address of the person, a code or a link. */
function itText({ domain, events, number }: MessageStory, from: string): { nl: string; en: string } | undefined {
  const answered = events.findLast((it) => it.code !== undefined)
  if (domain === undefined || !answered) return undefined
  const answer = [answered.code, answered.said].filter(Boolean).join(' ')
  const utc = new Date(answered.at).toISOString()
  return {
    nl: `Afzender ${from}. Aan een adres bij ${domain}. Tijd (UTC) ${utc}. Berichtnummer ${number}. Antwoord van uw server: ${answer}. Laat deze afzender door.`,
    en: `Sender ${from}. To an address at ${domain}. Time (UTC) ${utc}. Message number ${number}. Answer of your server: ${answer}. Please let this sender through.`,
  }
}
