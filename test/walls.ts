/*
 * The walls of the house, as functions from sources to problems: `architecture.test.ts` runs them over the tree and shows each one red.
 *
 *   src/ ──> imports (who may know whom, through which door)
 *        ──> ambient (clock and chance are arguments)
 *        ──> words   (no portal's name, nothing left to do, no raw markup)
 *        ──> choice  (only src/decision chooses what comes next)
 *        ──> shape   (short files, flat folders, a drawing at each door)
 */
import { dirname, join, normalize } from 'node:path'

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string
  readonly text: string
}

/** What a room may import; it may also import what these may. `pages` knows only the types of two rooms. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  decision: [],
  portals: ['decision'],
  words: ['decision'],
  storage: ['decision'],
  audit: ['storage'],
  delivery: ['storage', 'words', 'portals'],
  factors: ['delivery', 'audit'],
  enrolment: ['factors'],
  'sign-in': ['enrolment'],
  recovery: ['enrolment'],
  profile: ['sign-in'],
  pages: ['words'],
  connect: ['sign-in'],
  http: ['connect', 'sign-in', 'recovery', 'profile', 'pages'],
}
const typesAlone: Readonly<Record<string, readonly string[]>> = { pages: ['decision', 'portals'] }
const knowsAll = ['commands', 'main.ts', 'cli.ts', 'house.ts', 'log-volume.ts', 'hash-threads.ts', 'master-key.ts', 'config.ts']
/** Beside the rooms: everybody may name their types, but only the composition root makes the real ones. */
const arguments_ = ['clock.ts', 'random.ts', 'config.ts']

export const isTest = (path: string) => /\.test\.tsx?$/.test(path)
const isSample = (path: string) => /\.samples\.tsx?$/.test(path)
const isCode = (path: string) => /\.tsx?$/.test(path)
const product = (sources: readonly Source[]) => sources.filter((it) => it.path.startsWith('src/'))
const shipped = (sources: readonly Source[]) => product(sources).filter((it) => isCode(it.path) && !isTest(it.path))

/** src/sign-in/submit.ts -> 'sign-in'; src/main.ts -> 'main.ts'. */
const roomOf = (path: string) => path.split('/')[1] ?? ''

interface Import {
  readonly to: string
  readonly typesOnly: boolean
}

export function importsOf(text: string): Import[] {
  const code = withoutComments(text)
  const named = [...code.matchAll(/\b(?:import|export)\s+(type\s+)?([\w*${}\s,]*?)\s*from\s*['"]([^'"]+)['"]/g)]
  const bare = [...code.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g)]
  return [
    ...named.map((it) => ({ to: it[3] ?? '', typesOnly: Boolean(it[1]) || allTypes(it[2] ?? '') })),
    ...bare.map((it) => ({ to: it[1] ?? '', typesOnly: false })),
  ]
}

function allTypes(clause: string): boolean {
  const inside = /^\{(.*)\}$/s
    .exec(clause.trim())?.[1]
    ?.split(',')
    .map((it) => it.trim())
  return inside?.filter(Boolean).every((it) => it.startsWith('type ')) ?? false
}

/** Comments go, lines stay: what is left can be searched and still be counted. */
export function withoutComments(text: string): string {
  const lines = text.replace(/\/\*[\s\S]*?\*\//g, (it) => it.replace(/[^\n]/g, ''))
  return lines.replace(/(^|[^:'"`\w])\/\/.*$/gm, '$1')
}

function reach(room: string): Set<string> {
  const found = new Set<string>()
  const open = [...(mayImport[room] ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...(mayImport[next] ?? []))
  }
  return found
}

export function importProblems(sources: readonly Source[]): string[] {
  return shipped(sources).flatMap((it) => importsOf(it.text).flatMap((one) => importProblem(it.path, one) ?? []))
}

function importProblem(from: string, { to, typesOnly }: Import): string | undefined {
  const room = roomOf(from)
  if (!to.startsWith('.')) return room === 'decision' ? `${from}: decision imports nothing, but imports ${to}` : undefined
  const target = normalize(join(dirname(from), to))
  if (!target.startsWith('src/')) return target === 'package.json' ? undefined : `${from}: the product never imports ${target}`
  const other = roomOf(target)
  if (other === room || knowsAll.includes(room)) return doorProblem(from, target, room, other)
  if (other === 'errors.ts' && room !== 'decision') return undefined
  if (arguments_.includes(other))
    return typesOnly && room !== 'decision' ? undefined : `${from}: ${other} is known by its types alone (import type)`
  if (arguments_.includes(room) || room === 'errors.ts')
    return typesOnly ? undefined : `${from}: stands below the rooms and imports ${target}`
  if (!(room in mayImport)) return `${from}: ${room} is no room of the design`
  const allowed = reach(room).has(other) && !typesAlone[room]?.includes(other)
  const asTypes = typesOnly && typesAlone[room]?.includes(other)
  return allowed || asTypes
    ? doorProblem(from, target, room, other)
    : `${from}: ${room} may not import ${other}${typesAlone[room]?.includes(other) ? ' but its types' : ''}`
}

function doorProblem(from: string, target: string, room: string, other: string): string | undefined {
  const through = other === room || other.endsWith('.ts') || /^src\/[^/]+\/index\.ts$/.test(target)
  return through ? undefined : `${from}: enters ${other} past its door, ${target}`
}

/** Neither the demo nor the tests are known to the product, nor the product to the demo. */
export function demoProblems(sources: readonly Source[]): string[] {
  const importing = (folder: string, never: RegExp) =>
    sources
      .filter((it) => it.path.startsWith(folder) && isCode(it.path))
      .flatMap((it) => importsOf(it.text).map((one) => ({ from: it.path, to: normalize(join(dirname(it.path), one.to)) })))
      .filter((it) => never.test(it.to))
      .map((it) => `${it.from}: imports ${it.to}`)
  return [...importing('src/', /^demo\//), ...importing('demo/', /^(src|dist)\//)]
}

export function ambientProblems(sources: readonly Source[]): string[] {
  const ambient =
    /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bMath\.random\b|\brandom(Bytes|UUID|Int|Fill|FillSync)\b|\bgetRandomValues\b/
  const own = ['src/clock.ts', 'src/random.ts']
  return shipped(sources)
    .filter((it) => !own.includes(it.path))
    .flatMap((it) => found(it, ambient, 'clock and chance are arguments'))
}

export function portalNameProblems(sources: readonly Source[]): string[] {
  const names = /c[-_ ]?point\b|profi-?portaal|koop-?cam|uitpas/i
  const aside = product(sources).filter((it) => !isTest(it.path) && !isSample(it.path))
  return aside.flatMap((it) => [
    ...(names.test(it.path) ? [`${it.path}: a portal is data`] : []),
    ...lines(it.text).flatMap((line, at) => (names.test(line) ? [`${it.path}:${at + 1}: a portal is data: ${line.trim()}`] : [])),
  ])
}

/**
 * Only src/decision chooses. A step is made nowhere else; a step becomes an address in src/http alone; and src/http
 * compares no methods, dates or portal settings while it does so. So nothing outside the decision can choose a page.
 */
export function choiceProblems(sources: readonly Source[]): string[] {
  // A type that picks a step out of the union makes none.
  const making = /(?<!Extract<Step, \{ )\bstep:\s*'[a-z-]+'/
  const methods = "'(password|totp|email|sms|passkey|recovery-code|ticket|remembered-browser)'"
  const comparing = new RegExp(
    [
      `\\bmethod\\b[^=!<>]{0,20}[=!]==?\\s*${methods}|${methods}\\s*[=!]==?|\\bcase ${methods}`, // methods
      '\\bnow\\b(\\(\\))?\\s*[<>]=?\\s|[<>]=?\\s*\\bnow\\b', // dates
      '\\bportal(\\.\\w+)+\\s*([=!]==?|[<>]=?)\\s', // settings
      '\\bif \\(!?portal\\.',
    ].join('|'),
  )
  const outside = shipped(sources).filter((it) => roomOf(it.path) !== 'decision' && !isSample(it.path))
  return [
    ...outside.flatMap((it) => found(it, making, 'only the decision makes a step')),
    ...outside.filter((it) => roomOf(it.path) === 'http').flatMap((it) => found(it, comparing, 'what comes next is not chosen here')),
  ]
}

export function leftOverProblems(sources: readonly Source[]): string[] {
  const toDo = new RegExp(['TO', 'DO|FIX', 'ME'].join(''))
  const raw = new RegExp(['dangerouslySet', 'InnerHTML'].join(''))
  return sources.flatMap((it) =>
    lines(it.text).flatMap((line, at) => [
      ...(toDo.test(line) ? [`${it.path}:${at + 1}: something left to do`] : []),
      ...(raw.test(line) ? [`${it.path}:${at + 1}: markup past the escaping`] : []),
    ]),
  )
}

export function shapeProblems(sources: readonly Source[]): string[] {
  const code = shipped(sources)
  const long = sources.filter((it) => isCode(it.path) && lengthOf(it) > 400).map((it) => `${it.path}: ${lengthOf(it)} lines, at most 400`)
  const middle = median(code.map(lengthOf))
  const deep = product(sources)
    .filter((it) => !/^src\/([^/]+\/)?((messages|migrations)\/)?[^/]+$/.test(it.path))
    .map((it) => `${it.path}: deeper than src/room/file`)
  return [...long, ...(middle > 120 ? [`the median file has ${middle} lines, at most 120`] : []), ...deep]
}

/** A room is entered by reading what it does. */
export function drawingProblems(sources: readonly Source[]): string[] {
  const rooms = new Set(
    shipped(sources)
      .filter((it) => it.path.split('/').length > 2)
      .map((it) => roomOf(it.path)),
  )
  return [...rooms].flatMap((room) => {
    const door = sources.find((it) => it.path === `src/${room}/index.ts` || it.path === `src/${room}/index.tsx`)
    if (!door) return [`src/${room}: has no index.ts`]
    const drawing = /^\/\*[\s\S]*?\*\//.exec(door.text)?.[0] ?? ''
    return drawing.split('\n').length >= 8 ? [] : [`${door.path}: does not begin with a drawing of about twenty lines`]
  })
}

function found(source: Source, pattern: RegExp, because: string): string[] {
  return lines(withoutComments(source.text)).flatMap((line, at) =>
    pattern.test(line) ? [`${source.path}:${at + 1}: ${because}: ${line.trim()}`] : [],
  )
}

const lines = (text: string) => text.split('\n')
const lengthOf = (it: Source) => lines(it.text.trimEnd()).length

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
