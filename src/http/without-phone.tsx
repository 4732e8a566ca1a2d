import { ExtensionPage, ManagerPage } from '../pages/index.ts'
import type { Situation } from '../sign-in/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { basePath, type Path, path } from './paths.ts'
import type { Answer, Visit } from './visit.ts'

/** Where the app's code is made when it is not on a phone; both lead to the same picture and the same first code. */
const ways: Readonly<Record<string, Path>> = { browser: path.enrolBrowser, manager: path.enrolManager }

/** Who chose one of these ways reads of it first; only when the picture is what comes next. */
export function byThisWay({ portal, fields }: Visit, answer: Answer): Answer {
  const way = ways[fields.get('by') ?? '']
  return way && answer.location === basePath(portal) + path.enrolApp ? { ...answer, location: basePath(portal) + way } : answer
}

/** While an app is being linked; else undefined. */
export async function extensionPage(visit: Visit, situation: Situation): Promise<Answer | undefined> {
  const { step, account } = situation
  if (step.step !== 'enrol' || !account) return undefined
  const { browserExtensions: extensions, name } = visit.portal
  const frame = frameFor(visit, { situation, at: path.enrolBrowser })
  return pageAnswer(visit, situation, <ExtensionPage frame={frame} extensions={extensions} issuer={name} username={account.shown_name} />)
}

export async function managerPage(visit: Visit, situation: Situation): Promise<Answer | undefined> {
  if (situation.step.step !== 'enrol') return undefined
  return pageAnswer(visit, situation, <ManagerPage frame={frameFor(visit, { situation, at: path.enrolManager })} />)
}
