import { type Instant, requirementFor, type Step } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'
import { policyOf } from '../sign-in/index.ts'
import { comersOf, journeysOf, type Place, stepInWords } from './journey.ts'

interface Edge {
  readonly from: string
  readonly to: string
  readonly words: string
  readonly who: Set<string>
}

/** `portal draw`: the journeys of a portal as a Mermaid flowchart, one for each rule that its applications have. */
export function drawingOf(portal: Portal, now: Instant): string {
  const applications = Object.entries(portal.applications)
  const rules = [...new Set(applications.map(([, it]) => it.secondStep))]
  const drawn = rules.length === 0 ? [undefined] : rules
  const charts = drawn.flatMap((rule, at) => {
    const own = applications.filter(([, it]) => it.secondStep === rule)
    const title = own.length === 0 ? portal.name : `${own.map(([, it]) => it.title).join(', ')} (${rule})`
    const body = chartOf(portal, own[0]?.[0], now, `r${at}`)
    return [`  subgraph r${at}["${escaped(title)}"]`, ...body.map((it) => `    ${it}`), '  end']
  })
  return [`---`, `title: ${JSON.stringify(portal.name)}`, `---`, 'flowchart TD', ...charts].join('\n')
}

function chartOf(portal: Portal, application: string | undefined, now: Instant, prefix: string): string[] {
  const policy = policyOf(portal)
  const request = { at: now, ...(application === undefined ? {} : { application }) }
  const need = requirementFor(policy, request, undefined, now)
  const [nodes, edges] = [new Map<string, string>(), new Map<string, Edge>()]
  const passing = new Map<string, Set<string>>()
  const visit = ({ step, acts }: Place, who: string): string => {
    const id = idOf(step)
    nodes.set(id, shapeOf(step))
    passing.set(id, (passing.get(id) ?? new Set()).add(who))
    for (const { words, to } of acts) {
      const target = visit(to, who)
      const key = `${id} ${target} ${words}`
      const edge = edges.get(key) ?? { from: id, to: target, words, who: new Set() }
      edge.who.add(who)
      edges.set(key, edge)
    }
    return id
  }
  for (const { who, start } of journeysOf(policy, request, comersOf(need, now), now)) visit(start, who)
  const at = (id: string): string => `${prefix}_${id}`
  return [
    ...[...nodes].map(([id, shape]) => `${at(id)}${shape}`),
    ...[...edges.values()].map(({ from, to, words, who }) => {
      // Who goes here is told only where others go elsewhere.
      const some = who.size < (passing.get(from)?.size ?? 0) ? `<br/>${[...who].join('<br/>')}` : ''
      return `${at(from)} -->|"${escaped(words)}${escaped(some, true)}"| ${at(to)}`
    }),
  ]
}

/** Steps that ask the same are one place, whoever comes by. */
const idOf = (step: Step): string =>
  [step.step, 'method' in step ? step.method : '', 'purpose' in step ? step.purpose : '', step.step === 'done' ? step.acr : '']
    .filter(Boolean)
    .join('_')
    .replaceAll(/[^a-z0-9]/gi, '_')

function shapeOf(step: Step): string {
  const words = escaped(stepInWords(step))
  if (step.step === 'done') return `(["${words}"])`
  return step.step === 'choose' || step.step === 'choose-enrolment' ? `{"${words}"}` : `["${words}"]`
}

const escaped = (text: string, keepBreaks = false): string => {
  const quoted = text.replaceAll('"', '#quot;')
  return keepBreaks ? quoted : quoted.replaceAll('<', '#lt;')
}
