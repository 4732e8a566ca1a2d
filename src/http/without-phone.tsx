import type { VNode } from 'preact'
import { ExtensionPage, type Frame, ManagerPage } from '../pages/index.ts'
import type { Situation } from '../sign-in/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { basePath, type Path, path } from './paths.ts'
import type { Answer, Visit } from './visit.ts'

/** Where the app's code is made when it is not on a phone; both lead to the same picture and the same first code. */
export type Way = 'browser' | 'manager'
const ways: Readonly<Record<Way, Path>> = { browser: path.enrolBrowser, manager: path.enrolManager }

/** The way that a form names, if any. */
export const wayOf = ({ fields }: Visit): Way | undefined => (Object.keys(ways) as Way[]).find((it) => it === fields.get('by'))

/** Who chose one of these ways reads of it first; only when the picture is what comes next. */
export function byThisWay(visit: Visit, answer: Answer): Answer {
  const base = basePath(visit.portal)
  const way = wayOf(visit)
  return way && answer.location === base + path.enrolApp ? { ...answer, location: base + ways[way] } : answer
}

/** While an app is being linked; else undefined. */
export const wayPage =
  (way: Way) =>
  async (visit: Visit, situation: Situation): Promise<Answer | undefined> =>
    situation.step.step === 'enrol' ? drawWay(visit, situation, way, frameFor(visit, { situation, at: ways[way] })) : undefined

export function drawWay(visit: Visit, situation: Situation, way: Way, frame: Frame): Answer {
  const { browserExtensions: extensions, name } = visit.portal
  const drawn: Readonly<Record<Way, VNode>> = {
    browser: <ExtensionPage frame={frame} extensions={extensions} issuer={name} username={situation.account?.shown_name ?? ''} />,
    manager: <ManagerPage frame={frame} />,
  }
  return pageAnswer(visit, situation, drawn[way])
}
