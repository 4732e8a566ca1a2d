import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { type ReadClients, readClients } from '../connect/index.ts'
import { Fault } from '../errors.ts'
import { readKey } from '../master-key.ts'
import { deviationsOf, isHomeAddress, type Loaded, loadPortals, type Portal, type Problem, readYaml, sentenceOf } from '../portals/index.ts'
import type { Report } from './report.ts'

/** `check`: all problems of all files at once. Reads, and makes nothing: no database, no key. */
export function checkConfiguration(file: string, env: NodeJS.ProcessEnv, report: Report): void {
  const config = readConfig(file, env)
  const refused = Array.isArray(config)
  const { portals, problems } = refused ? portalsBeside(file) : portalsOf(config)
  const read = refused ? [] : Array.from(portals.values(), (portal) => ({ portal, ...readClients(portal, config.applications.secrets) }))
  const all = [...(refused ? config : filesMissing(config)), ...problems, ...read.flatMap((it) => it.problems)]
  tell(portals, all, refused ? [] : [...warningsOf(config, portals), ...read.flatMap(withoutSecret)], report)
}

/** `check FILE...`: portal files alone, also where there is no sluis.yaml yet. */
export function checkPortalFiles(files: readonly string[], report: Report): void {
  const { portals, problems } = portalsIn(files)
  tell(portals, problems, deviationWarnings(portals), report)
}

/** Where no sluis.yaml says where they live, this machine stands in for it. */
export const portalsIn = (files: readonly string[]): Loaded =>
  loadPortals(files, { address: 'https://localhost', applications: 'https://localhost' })

function tell(portals: Loaded['portals'], problems: readonly Problem[], warnings: readonly string[], report: Report): void {
  const value = { portals: [...portals.keys()], problems, warnings }
  const warned = warnings.map((it) => `Warning: ${it}`)
  const count = problems.length === 1 ? '1 problem.' : `${problems.length} problems.`
  if (problems.length === 0) report.done(value, [...warned, `All good: ${value.portals.join(', ')}.`].join('\n'))
  else report.refused(value, [...warned, ...problems.map(sentenceOf), count].join('\n'))
}

export const portalsOf = (config: Config): Loaded =>
  loadPortals([config.portals].flat(), {
    address: config.address,
    applications: config.applications.address,
    environment: config.environment,
  })

/** sluis.yaml has problems, but where it names the portal files they are looked at as well. */
function portalsBeside(file: string): Loaded {
  const source = readYaml(file)
  const value = (Array.isArray(source) ? {} : source.value) as { portals?: unknown; address?: unknown }
  const places = [value.portals].flat().filter((it): it is string => typeof it === 'string' && it !== '')
  if (places.length === 0) return { portals: new Map(), problems: [] }
  const address = typeof value.address === 'string' && isHomeAddress(value.address) ? value.address : 'https://localhost'
  return loadPortals(
    places.map((it) => resolve(dirname(file), it)),
    { address, applications: 'https://localhost' },
  )
}

/** What sluis.yaml names and is not there. The master key may be missing: it is made at the first start. */
function filesMissing({ file, masterKey, smtp, smpp }: Config): Problem[] {
  const problems: Problem[] = []
  const named = { 'smtp.passwordFile': smtp.passwordFile, 'smpp.passwordFile': smpp?.passwordFile }
  for (const [key, path] of Object.entries(named))
    if (path !== undefined && !isFile(path)) problems.push({ file, key, given: path, allowed: 'a file that this user can read' })
  try {
    readKey(masterKey.file)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    problems.push({ file, key: 'masterKey.file', given: masterKey.file, allowed: error.message })
  }
  return problems
}

function warningsOf(config: Config, portals: Loaded['portals']): string[] {
  const known = new Set([...portals.values()].flatMap((it) => Object.keys(it.applications).map((name) => `${it.id}/${name}`)))
  const strays = Object.keys(config.applications.secrets).filter((it) => !known.has(it))
  const texting = [...portals.values()].filter((it) => it.sms !== undefined && config.smpp === undefined)
  return [
    ...deviationWarnings(portals),
    ...strays.map((it) => `applications.secrets has '${it}', and no portal has that application.`),
    ...texting.map((it) => `${it.id} sends text messages, and sluis.yaml names no smpp.`),
  ]
}

const withoutSecret = ({ portal, clients }: Pick<ReadClients, 'clients'> & { readonly portal: Portal }): string[] =>
  Array.from(clients.values())
    .filter((it) => it.secret === undefined && it.keys === undefined)
    .map((it) => `${portal.id}: the client of '${it.application}' has no secret.`)

const deviationWarnings = (portals: Loaded['portals']): string[] =>
  [...portals.values()].flatMap((portal) =>
    deviationsOf(portal).map((it) => `${portal.id}: ${it.key} is ${it.set}, the house says ${it.house}. Reason given: ${it.reason}`),
  )

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
