import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { isHomeAddress, type Problem, problemsOf, readYaml } from './portals/index.ts'

/*
 * sluis.yaml: where things are. What a portal asks stands in the portal files. Paths are relative to the file.
 */
const port = z.int().min(0).max(65_535)
const file = z.string().min(1)
const mailServer = z.strictObject({
  host: z.string().min(1).describe('The name of the mail server that takes our mail.'),
  port: port.default(587).describe('Its port.'),
  secure: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe('How the connection is protected. none: plain text, only for a server on this machine.'),
  user: z.string().min(1).optional().describe('The name to log in with; left out: no login.'),
  passwordFile: file.optional().describe('A file with the password.'),
})
const textCentre = z.strictObject({
  host: z.string().min(1).describe('The SMPP server that takes our text messages.'),
  port: port.default(2775).describe('Its port.'),
  secure: z.enum(['tls', 'none']).default('none').describe('How the connection is protected. none: only for a server on this machine.'),
  systemId: z.string().min(1).max(15).describe('The name to bind with.'),
  password: z.string().max(8).optional().describe('The password itself; prefer passwordFile.'),
  passwordFile: file.optional().describe('A file with the password.'),
})
const listen = z.strictObject({
  port: port.default(8080).describe('The port of the pages. 0: a free one.'),
  hosts: z.array(z.string().min(1)).min(1).default(['127.0.0.1', '::1']).describe('The addresses of this machine to listen on.'),
})

/** The widest network that one operator has: 10.0.0.0/8, fc00::/7. Wider ones believe strangers who they say they are. */
const widest: Readonly<Record<number, number>> = { 4: 8, 6: 7 }

/** An address or a network, in the spelling of its own family: ::ffff:0:0/96 is all of IPv4. */
function isProxies(given: string): boolean {
  const [address = '', bits, ...rest] = given.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || address.includes('%') || /^[0:]*:ffff:/i.test(address)) return false
  if (bits === undefined) return true
  return /^\d{1,3}$/.test(bits) && Number(bits) >= (widest[family] ?? 128) && Number(bits) <= (family === 4 ? 32 : 128)
}

/** Exported for docs/operator.md, which prints its keys. */
export const configSchema = z.strictObject({
  database: z
    .string()
    .min(1)
    .describe('A file for the embedded database, or postgres://user@host/name. DATABASE_URL and DATABASE_URL_FILE win.'),
  masterKey: z
    .strictObject({ file: file.describe('Made at the first start when it is not there. Keep a copy apart from the database.') })
    .describe('The key that opens what the database keeps sealed.'),
  portals: z.union([file, z.array(file).min(1)]).describe('A folder of portal files, or the files.'),
  listen: listen.prefault({}).describe('Where the pages are served.'),
  address: z
    .string()
    .regex(/^https?:\/\/[^/?#]+$/)
    .refine(isHomeAddress, 'an address like https://login.example.org; http only on localhost')
    .describe('Where people reach Sluis. Portals without an address of their own live at this address and their id.'),
  metricsPort: port.default(9090).describe('The port of /healthz, /readyz and /metrics.'),
  smtp: mailServer.describe('The mail server.'),
  smpp: textCentre.optional().describe('The text message centre; needed when a portal sends text messages.'),
  trustedProxies: z
    .array(z.string().refine(isProxies, 'an address like 10.0.0.5, or a network of your own like 10.0.0.0/24; never everybody'))
    .default([])
    .describe(
      'Addresses or networks of your own proxies, whose X-Forwarded-For is believed. Nobody else may reach the service from there.',
    ),
  commonPasswords: file
    .optional()
    .describe('A list of whole passwords that nobody may choose, one a line, beside the short list that Sluis brings.'),
  environment: z
    .enum(['production', 'preproduction', 'test'])
    .optional()
    .describe('Wins over the environment in the portal files; it chooses the sender of text messages.'),
  applications: z
    .strictObject({
      address: z.url().optional().describe('Takes the place of {applications} in portal files.'),
      secrets: z.record(z.string(), z.string().min(32)).default({}).describe('Client secrets, by portal/application.'),
    })
    .prefault({})
    .describe('What portal files leave open about applications.'),
})

export type Config = z.infer<typeof configSchema> & { readonly file: string }

/** The first of: the option, SLUIS_CONFIG, ./sluis.yaml, sluis.yaml in SLUIS_DATA, ./data/sluis.yaml. */
export function findConfig(given: string | undefined, env: NodeJS.ProcessEnv): string {
  const named = given ?? env.SLUIS_CONFIG
  if (named) return resolve(named)
  const usual = ['sluis.yaml', ...(env.SLUIS_DATA ? [`${env.SLUIS_DATA}/sluis.yaml`] : []), 'data/sluis.yaml']
  return resolve(usual.find((it) => existsSync(it)) ?? 'sluis.yaml')
}

/** Reads the configuration; all of its problems together. */
export function readConfig(file: string, env: NodeJS.ProcessEnv): Config | Problem[] {
  const source = readYaml(file)
  if (Array.isArray(source)) return source
  const read = configSchema.safeParse(source.value)
  if (!read.success) return problemsOf(read.error.issues, source)
  const at = (path: string): string => resolve(dirname(file), path)
  const { data } = read
  const named = databaseOf(env)
  if (typeof named === 'object') return [named]
  const database = named || data.database
  return {
    ...data,
    file,
    database: /^postgres(ql)?:/.test(database) ? database : at(database),
    masterKey: { file: at(data.masterKey.file) },
    portals: [data.portals].flat().map(at),
    ...(data.commonPasswords ? { commonPasswords: at(data.commonPasswords) } : {}),
    smtp: { ...data.smtp, ...(data.smtp.passwordFile ? { passwordFile: at(data.smtp.passwordFile) } : {}) },
    ...(data.smpp ? { smpp: { ...data.smpp, ...(data.smpp.passwordFile ? { passwordFile: at(data.smpp.passwordFile) } : {}) } } : {}),
  }
}

/** The environment's word: DATABASE_URL, or the file that DATABASE_URL_FILE names. */
function databaseOf({ DATABASE_URL, DATABASE_URL_FILE }: NodeJS.ProcessEnv): string | undefined | Problem {
  if (DATABASE_URL || !DATABASE_URL_FILE) return DATABASE_URL
  try {
    return readSecretFile(DATABASE_URL_FILE)
  } catch {
    return { file: 'environment', key: 'DATABASE_URL_FILE', given: DATABASE_URL_FILE, allowed: 'a file that this user can read' }
  }
}

/** A secret out of its file, without the line end. */
export const readSecretFile = (path: string): string => readFileSync(path, 'utf8').trimEnd()
