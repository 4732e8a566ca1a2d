import { type Happening, type MessageStory, timelineOf } from '../delivery/index.ts'
import { type Frame, WherePage, type WhereState } from '../pages/index.ts'
import { hasOtherMethod, type Situation } from '../sign-in/index.ts'
import { codeHolderOf } from '../storage/index.ts'
import { speak, type Words } from '../words/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { senderOf } from './lines.tsx'
import { pathOf } from './paths.ts'
import type { Answer, Visit } from './visit.ts'

/** P30: only for this sign-in, only after the right password. */
export async function wherePage(
  visit: Visit,
  situation: Situation,
  framed: (frame: Frame) => Frame = (it) => it,
): Promise<Answer | undefined> {
  const { attempt, view, need, step } = situation
  if (step.step !== 'prove' || !attempt || !view) return undefined
  const frame = framed(frameFor(visit, { situation, at: pathOf(step, need) }))
  const [story] = await timelineOf(visit.doors.house.storage.db, codeHolderOf(attempt))
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
      itText={story && itText(story, visit)}
      canChooseOther={hasOtherMethod(situation)}
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
      return { state: 'refused', domain, at, reason: last ? answerIn(last) : '' }
    case 'delivered':
      return { state: 'delivered', at, sender }
    case 'failed':
      return { state: 'failed', reason: 'noReason' }
    default:
      return { state: 'too-late', channel }
  }
}

const failures = { off: 'off', unknown: 'unknown', refused: 'refused', 'no-reason': 'noReason' } as const

/** What another server said; a connection that did not come about is ours to mend. */
const answers: readonly Happening['state'][] = ['accepted', 'delayed', 'refused']

/** For the other side's IT department, in both languages: times, numbers and answers, never a person, a code or a link. */
function itText({ domain, events, number }: MessageStory, { portal, now }: Visit): { nl: string; en: string } | undefined {
  const answered = events.findLast((it) => it.code !== undefined && answers.includes(it.state))
  if (domain === undefined || !answered) return undefined
  const values = { from: portal.mail.from, domain, number, utc: new Date(answered.at).toISOString(), answer: answerIn(answered) }
  const say = (language: 'nl' | 'en'): string => speak(portal, language, now).t('P30.itText', values)
  return { nl: say('nl'), en: say('en') }
}

const answerIn = ({ code, said }: Happening): string => [code, said].filter(Boolean).join(' ')
