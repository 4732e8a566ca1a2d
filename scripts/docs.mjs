/*
 * npm run docs: writes the pages that are made from the code; `--check` only says which are stale.
 *
 *   src/errors.ts, src/words/errors.ts, limits.ts ──> docs/errors.md
 *   src/audit/events.ts ─────────────────> docs/events.md
 *   the program's own help ──────────────> docs/commands.md
 *   src/portals/schema.ts ───────────────> docs/portal-file.md, portals/portal.schema.json
 *   src/http/bounds.ts, the schema ──────> docs/limits.md
 *   src/config.ts ───────────────────────> the marked part of docs/operator.md
 *
 * test/docs.test.ts fails when one of them is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeProgram } from '../src/commands/index.ts'
import { configSchema } from '../src/config.ts'
import { faultCodes } from '../src/errors.ts'
import { boundsTable } from '../src/http/bounds.ts'
import { portalSchema } from '../src/portals/index.ts'
import { errors } from '../src/words/errors.ts'
import { limits } from '../src/words/limits.ts'
import { root } from './bring.mjs'
import { commentedFile, jsonSchemaOf, tableOfKeys } from './docs-schema.mjs'
import { manualsPage } from './manuals.mjs'

const made = '<!-- Made from the code by `npm run docs`. Change the code, not this page. -->\n'

/**
 * Every page that is made from the code, by its path from the root.
 * @returns {Map<string, string>}
 */
export function pages() {
  return new Map([
    ['docs/errors.md', errorsPage()],
    ['docs/events.md', eventsPage()],
    ['docs/commands.md', commandsPage()],
    ['docs/limits.md', limitsPage()],
    ['docs/manuals.md', manualsPage()],
    ['docs/portal-file.md', portalFilePage()],
    ['docs/operator.md', withKeys(readFileSync(join(root, 'docs/operator.md'), 'utf8'))],
    ['portals/portal.schema.json', `${JSON.stringify(jsonSchemaOf(portalSchema), null, 2)}\n`],
  ])
}

/** The pages whose file says something else. */
export function stalePages() {
  return [...pages()]
    .filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text)
    .map(([path]) => path)
}

function errorsPage() {
  const faults = Object.entries(faultCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
  const refusals = Object.entries({ ...errors, ...limits }).map(([code, [nl, en]]) => `| \`${code}\` | ${cell(nl)} | ${cell(en)} |`)
  return `# Errors

${made}
## Faults

Ours or the operator's to mend. The log has code, message and cause; people read one calm sentence.

| code | what it means |
|---|---|
${faults.join('\n')}

## Refusals

What people read when something does not go on, and what to do now. \`[je/uw]\` is the form of address of the portal; names in braces
are filled in.

| code | Dutch | English |
|---|---|---|
${refusals.join('\n')}
`
}

/** One typed function an event: its name, what it tells and which reasons it can have stand in the source. */
function eventsPage() {
  const source = readFileSync(join(root, 'src/audit/events.ts'), 'utf8')
  const found = source.matchAll(
    /(?:\/\*\* ([^\n]*?) \*\/\n)?export const \w+ = \((.*?)\): Promise<void> =>\s+record(?:All|Some)?\(\s*tx,\s*'([\w.-]+)'/gs,
  )
  const reasonsOf = (/** @type {string} */ takes) => {
    const named = /Refused<(\w+)>/.exec(takes)?.[1]
    const type = named ? (new RegExp(`type ${named} = ([^\\n]+)`).exec(source)?.[1] ?? '') : (/reason: ([^}]+)/.exec(takes)?.[1] ?? '')
    return [...type.matchAll(/'([\w-]+)'/g)].map((it) => it[1]).join(', ')
  }
  /** @type {Map<string, { tells: string[], reasons: string }>} */
  const events = new Map()
  for (const [, tells = '', takes = '', name = ''] of found) {
    const known = events.get(name) ?? { tells: [], reasons: reasonsOf(takes) }
    events.set(name, { ...known, tells: [...known.tells, ...(tells ? [tells] : [])] })
  }
  const rows = [...events].map(([name, { tells, reasons }]) => `| \`${name}\` | ${cell(tells.join(' '))} | ${reasons} |`)
  return `# Audit events

${made}
A row holds when, which portal, the ids of account and sign-in, the method, a reason of a closed list and the address of the client. Never a
code, a secret, a mail address, a phone number or what a person typed.

| event | what happened | reasons |
|---|---|---|
${rows.join('\n')}
`
}

function commandsPage() {
  const program = makeProgram(async () => undefined)
  /** @type {string[]} */
  const sections = []
  const visit = (/** @type {import('commander').Command} */ command, /** @type {string} */ name) => {
    let text = ''
    command.configureOutput({
      writeOut: (it) => {
        text += it
      },
      getOutHelpWidth: () => 110,
      getOutHasColors: () => false,
    })
    command.outputHelp()
    sections.push(`## ${name}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`)
    for (const it of command.commands) visit(it, `${name} ${it.name()}`)
  }
  visit(program, 'sluis')
  return `# Commands\n\n${made}\n${sections.join('\n')}`
}

function portalFilePage() {
  const schema = jsonSchemaOf(portalSchema)
  return `# A portal file

${made}
One YAML file a portal, named by its id: \`desk.yaml\` is the portal \`desk\`. \`_house.yaml\` beside it is the floor: its keys hold unless the
portal has its own. A key that is not known fails. Look at it with \`sluis check\`, see where it leads with \`sluis portal draw\`.

The first line gives editors that know YAML schemas completion and checks while typing.

## One complete file

\`\`\`yaml
# yaml-language-server: $schema=portal.schema.json
${commentedFile(schema).join('\n')}
\`\`\`

## All keys

${tableOfKeys(schema)}
`
}

function limitsPage() {
  const ofPortal = tableOfKeys(jsonSchemaOf(portalSchema))
    .split('\n')
    .filter((it) => it.startsWith('| `limits.'))
  const fixed = boundsTable.map(({ of, most, beyond }) => `| ${of} | ${most} | ${beyond} |`)
  return `# Limits

${made}
What keeps one person from using up what all share, and strangers from guessing. They bite in this order, so that the one that most people
share is the last: the number or mailbox, the account, the row of numbers and the country, the network, the portal.

- **Guessing a password**: tries are counted for each name, known or not; a pause, twice as long each time up to 15 minutes. A browser that the
  account knows has a count of its own, so a stranger cannot keep its owner out. Who is guessed at for five pauses is told once a day.
- **One password for each of many names**: counted for each network at each portal. Its pauses are short, nobody who is known there waits, and
  a right password is never counted.
- **Guessing a code**: one count for an account, at all doors and with all methods. Ten in a row are a pause, a hundred turn the method off, 300
  in 30 days ask a new password; among several codes that wait, or with several apps, a guess counts for more.
- **Guessing the secret of an application**: counted for each application and network; a network that pauses is not looked at, whatever it
  shows. Where the right secret came from in the last 90 days nothing is counted, so nobody can shut the application itself out.
- **Sending**: when a limit is reached the page says so and the other methods go on. At four fifths of what a portal may send the log warns
  (\`sluis_sent\` and \`sluis_sent_limit\` in /metrics); links for forgotten passwords wait from there on, codes go on.
- **A network** is an IPv4 address, or a /64 of IPv6; wrong passwords count for the /48 too. It is the address of the connection, or what a proxy
  that \`trustedProxies\` names says. Behind a proxy that is not named, everybody is one network.

## In the portal file

Data of each portal, with the house file as the floor.

| key | what it does | allowed | when left out |
|---|---|---|---|
${ofPortal.join('\n')}

## Fixed

| of | at most | beyond it |
|---|---|---|
${fixed.join('\n')}
`
}

/** Fills the part of the operator's guide that lists the keys of sluis.yaml. */
function withKeys(/** @type {string} */ guide) {
  const [begin, end] = ['<!-- keys of sluis.yaml: made by `npm run docs` -->', '<!-- end of the keys -->']
  const [from, to] = [guide.indexOf(begin), guide.indexOf(end)]
  if (from < 0 || to < from) throw new Error('docs/operator.md has lost the marks around the keys of sluis.yaml')
  return `${guide.slice(0, from + begin.length)}\n\n${tableOfKeys(jsonSchemaOf(configSchema))}\n\n${guide.slice(to)}`
}

const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|')

if (process.argv[1] === import.meta.filename) {
  const stale = stalePages()
  if (process.argv.includes('--check')) {
    for (const path of stale) console.error(`${path} is stale: npm run docs`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    const all = pages()
    for (const path of stale) writeFileSync(join(root, path), all.get(path) ?? '')
    console.error(stale.length > 0 ? `Wrote ${stale.join(', ')}.` : 'All pages are as the code says.')
  }
}
