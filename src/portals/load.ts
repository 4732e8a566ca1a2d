import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { core, z } from 'zod'
import { homeOf } from './home.ts'
import type { Problem } from './problem.ts'
import { problemsOf, readYaml, type Source } from './read.ts'
import { breachesOf } from './rules.ts'
import { type Portal, type PortalFile, portalSchema } from './schema.ts'

export interface LoadSettings {
  /** For portals without an address of their own: they live at `{address}/{id}`. */
  readonly address: string
  /** Takes the place of `{applications}` in the addresses of clients. */
  readonly applications?: string | undefined
  /** Wins over what the files say. */
  readonly environment?: Portal['environment'] | undefined
}

export interface Loaded {
  readonly portals: ReadonlyMap<string, Portal>
  readonly problems: readonly Problem[]
}

const houseFile = '_house.yaml'
const idPattern = /^[a-z][a-z0-9-]{1,30}$/

/** Reads all portal files of a folder, or the named files. All problems of all files are told together. */
export function loadPortals(places: readonly string[], settings: LoadSettings): Loaded {
  const portals = new Map<string, Portal>()
  const problems: Problem[] = []
  for (const path of places.flatMap(filesAt)) {
    const id = basename(path, '.yaml')
    const read = loadPortal(path, settings)
    if (Array.isArray(read)) problems.push(...read)
    else if (portals.has(id))
      problems.push({ file: basename(path), key: '', given: `the portal ${id}, twice`, allowed: 'each portal once' })
    else portals.set(id, read)
  }
  if (portals.size === 0 && problems.length === 0)
    problems.push({ file: places.join(', '), key: '', given: 'no portal file', allowed: 'at least one file like my-portal.yaml' })
  return { portals, problems: [...problems, ...sharedAddresses(portals), ...sharedHosts(portals)] }
}

function filesAt(place: string): string[] {
  if (!existsSync(place) || !statSync(place).isDirectory()) return [resolve(place)]
  const names = readdirSync(place).filter((it) => it.endsWith('.yaml') && !it.startsWith('_'))
  return names.toSorted().map((it) => resolve(place, it))
}

function loadPortal(path: string, settings: LoadSettings): Portal | Problem[] {
  const [id, folder] = [basename(path, '.yaml'), dirname(path)]
  if (!idPattern.test(id))
    return [{ file: basename(path), key: '', given: JSON.stringify(id), allowed: 'a name of lower-case letters, digits and hyphens' }]
  const source = withFloor(readYaml(path), folder)
  if (Array.isArray(source)) return source
  const value = withAddresses(source.value, settings.applications)
  const read = portalSchema.safeParse(value)
  const problems = read.success ? [] : problemsOf(read.error.issues, source)
  // What is left without the refused keys is held against the rules as well, so that a second look finds nothing new.
  const rest = read.success ? read : readRest(value, read.error.issues)
  const breaches = rest.success ? breachesOf(rest.data, folder) : []
  const told = new Set(problems.map((it) => it.key))
  for (const { path: key, allowed } of breaches)
    if (rest.success && !told.has(key.join('.'))) problems.push(breachProblem(source, rest.data, key, allowed))
  return read.success && problems.length === 0 ? portalOf(id, read.data, settings, folder) : problems
}

/** Stands in for what a file must say and says wrongly; no rule finds anything in it. */
const blameless = {
  name: '-',
  country: 'BE',
  register: 'u',
  secondStep: { methods: ['totp'] },
  enforcement: { mode: 'at-once' },
  support: { name: {}, lines: [{}] },
  theme: { colour: '#000000' },
  mail: { from: 'nobody@example.org' },
}

/** Takes out what was refused, and what cannot stand without it, until the rest can be read. */
function readRest(value: unknown, issues: readonly core.$ZodIssue[], turns = 5): z.ZodSafeParseResult<PortalFile> {
  const rest = structuredClone(value)
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) takeOut(rest, [...issue.path, key])
    else takeOut(rest, issue.path)
  }
  const read = portalSchema.safeParse(over(blameless, rest))
  return read.success || turns === 0 ? read : readRest(rest, read.error.issues, turns - 1)
}

/** A list that holds something refused goes as a whole, and so does a holder that lacks what it needs. */
function takeOut(from: unknown, path: readonly PropertyKey[]): void {
  const inList = path.findIndex((it) => typeof it === 'number')
  const keys = (inList < 0 ? path : path.slice(0, inList)).map(String)
  const last = keys.at(-1)
  const holder = keys.slice(0, -1).reduce<unknown>((it, key) => (isRecord(it) ? it[key] : undefined), from)
  if (last === undefined) return
  if (isRecord(holder) && last in holder) delete holder[last]
  else takeOut(from, keys.slice(0, -1))
}

/** The house file lies under each portal file: its keys hold unless the portal has its own. */
function withFloor(source: Source | Problem[], folder: string): Source | Problem[] {
  const floorPath = join(folder, houseFile)
  if (Array.isArray(source) || !existsSync(floorPath)) return source
  const floor = readYaml(floorPath)
  return Array.isArray(floor) ? floor : { ...source, value: over(floor.value, source.value) }
}

function over(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above === undefined ? below : above
  const keys = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries([...keys].map((key) => [key, over(below[key], above[key])]))
}

/** `{applications}` stands for the address of the applications, so that a shipped file names no host. */
function withAddresses(value: unknown, applications: string | undefined): unknown {
  if (typeof value === 'string') return applications === undefined ? value : value.replace(/^\{applications\}/, applications)
  if (Array.isArray(value)) return value.map((it) => withAddresses(it, applications))
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, it]) => [key, withAddresses(it, applications)])) : value
}

function portalOf(id: string, { address, ...file }: PortalFile, settings: LoadSettings, folder: string): Portal {
  return {
    ...file,
    id,
    folder,
    address: (address ?? `${settings.address}/${id}`).replace(/\/+$/, ''),
    environment: settings.environment ?? file.environment,
  }
}

function breachProblem(source: Source, file: PortalFile, path: readonly string[], allowed: string): Problem {
  const line = source.lineOf(path)
  const given = path.reduce<unknown>((it, key) => (isRecord(it) ? it[key] : undefined), file)
  return {
    file: source.file,
    ...(line === undefined ? {} : { line }),
    key: path.join('.'),
    ...(given === undefined || isRecord(given) ? {} : { given: JSON.stringify(given) }),
    allowed,
  }
}

function sharedAddresses(portals: ReadonlyMap<string, Portal>): Problem[] {
  const seen = new Set<string>()
  return [...portals.values()].flatMap(({ id, address }) => {
    if (seen.has(address)) return [{ file: `${id}.yaml`, key: 'address', given: address, allowed: 'an address that no other portal has' }]
    seen.add(address)
    return []
  })
}

/** A protected host is one application's alone, and none where Sluis itself answers. */
function sharedHosts(portals: ReadonlyMap<string, Portal>): Problem[] {
  const seen = new Set(Array.from(portals.values(), (it) => homeOf(it).host))
  return [...portals.values()].flatMap(({ id, applications }) =>
    Object.entries(applications).flatMap(([name, { protects }]) => {
      if (protects === undefined || !URL.canParse(protects)) return []
      const { host } = new URL(protects)
      const isTaken = seen.has(host)
      seen.add(host)
      const key = `applications.${name}.protects`
      return isTaken ? [{ file: `${id}.yaml`, key, given: protects, allowed: 'a host that no portal and no other application has' }] : []
    }),
  )
}

const isRecord = (it: unknown): it is Record<string, unknown> => typeof it === 'object' && it !== null && !Array.isArray(it)
