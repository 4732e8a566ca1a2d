import type { VNode } from 'preact'
import type { Way } from '../decision/index.ts'
import { ExtensionPage, type Frame, ManagerPage } from '../pages/index.ts'
import type { Situation } from '../sign-in/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { type Path, path, pathOf } from './paths.ts'
import type { Answer, Visit } from './visit.ts'

const ways: Readonly<Record<Way, Path>> = { browser: path.enrolBrowser, manager: path.enrolManager }

/** The way that a form names, if any. */
export const wayOf = ({ fields }: Visit): Way | undefined => (Object.keys(ways) as Way[]).find((it) => it === fields.get('by'))

/** Who chose one of these ways, before the gate or behind it, reads of it first when the picture is what comes next. */
export function firstPageOf({ step, need, facts }: Situation): Path {
  const way = step.step === 'enrol' ? facts.findLast((it) => it.fact === 'chose')?.way : undefined
  return way ? ways[way] : pathOf(step, need)
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
