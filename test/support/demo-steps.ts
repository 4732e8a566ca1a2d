/* The first steps of people of the demo, with their passwords, as raw requests. */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { runSluis } from '../../demo/sluis.ts'
import type { Demo } from './demo.ts'
import { PersonAt } from './person-at.ts'

export const codePage = '/sign-in/code/app'

/** The right password was given and the app was chosen: its code is due. */
export async function beforeCode(demo: Demo, portal: string, userName: string): Promise<PersonAt> {
  const person = new PersonAt(demo.portal(portal))
  const due = await person.password(userName, demo.password)
  const page = due === '/sign-in/choose' ? await person.choose('totp') : due
  if (page !== codePage) throw new Error(`${userName} is at ${page}`)
  return person
}

/** A code was mailed to Bram, who has no app; he has not typed it yet. */
export async function waitingForMail(demo: Demo): Promise<{ bram: PersonAt; code: string }> {
  const bram = new PersonAt(demo.portal('c-point'))
  await bram.password('bram', demo.password)
  const page = await bram.choose('email')
  if (page !== '/sign-in/code/email') throw new Error(`bram is at ${page}`)
  return { bram, code: await demo.code('bram@haven.test') }
}

/** How many refused requests of this reason stand in the audit. */
export function refusals(demo: Demo, reason: string): number {
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  return Number(file.prepare("select count(*) as n from audit where event = 'request.refused' and reason = ?").get(reason)?.n)
}

/** More people than the cast has, by the command line beside the server that runs; `columns` as the first line of a CSV file. */
export async function addPeople(demo: Demo, portal: string, columns: string, people: readonly (readonly string[])[]): Promise<void> {
  const file = join(demo.data, `${portal}.csv`)
  writeFileSync(file, [columns, ...people.map((it) => it.join(','))].map((it) => `${it}\n`).join(''))
  const root = resolve(import.meta.dirname, '..', '..')
  const args = ['account', 'import', file, '--portal', portal, '--config', join(demo.data, 'sluis.yaml')]
  const { exitCode, stderr } = await runSluis(root, args, process.env, new AbortController().signal)
  if (exitCode !== 0) throw new Error(stderr)
}
