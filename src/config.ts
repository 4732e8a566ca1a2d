import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { type Problem, problemsOf, readYaml } from './portals/index.ts'

/*
 * sluis.yaml: where things are. What a portal asks stands in the portal files. Paths are relative to the file.
 */
const port = z.int().min(0).max(65_535)
const mailServer = z.strictObject({
  host: z.string().min(1),
  port: port.default(587),
  secure: z.enum(['starttls', 'tls', 'none']).default('starttls').describe('none: plain text, only for a server on this machine.'),
  user: z.string().min(1).optional(),
  passwordFile: z.string().min(1).optional(),
})
const textCentre = z.strictObject({
  host: z.string().min(1),
  port: port.default(2775),
  secure: z.enum(['tls', 'none']).default('none'),
  systemId: z.string().min(1).max(15),
  password: z.string().max(8).optional(),
  passwordFile: z.string().min(1).optional(),
})

const configSchema = z.strictObject({
  database: z.string().min(1).describe('A file for the embedded database, or postgres://user@host/name. DATABASE_URL wins.'),
  masterKey: z.strictObject({ file: z.string().min(1) }).describe('Made at the first start when it is not there.'),
  portals: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).describe('A folder of portal files, or the files.'),
  listen: z.strictObject({ port: port.default(8080), hosts: z.array(z.string().min(1)).min(1).default(['127.0.0.1', '::1']) }).prefault({}),
  address: z
    .string()
    .regex(/^https?:\/\/[^/?#]+$/)
    .describe('Where people reach Sluis. Portals without an address of their own live at this address and their id.'),
  metricsPort: port.default(9090),
  smtp: mailServer,
  smpp: textCentre.optional(),
  trustedProxies: z.array(z.string().min(2)).default([]).describe('Addresses or networks whose X-Forwarded-For is believed.'),
  environment: z.enum(['production', 'preproduction', 'test']).optional(),
  applications: z
    .strictObject({ address: z.url().optional(), secrets: z.record(z.string(), z.string().min(32)).default({}) })
    .prefault({})
    .describe('Takes the place of {applications} in portal files; secrets of clients by portal/application.'),
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
  const database = env.DATABASE_URL || data.database
  return {
    ...data,
    file,
    database: /^postgres(ql)?:/.test(database) ? database : at(database),
    masterKey: { file: at(data.masterKey.file) },
    portals: [data.portals].flat().map(at),
    smtp: { ...data.smtp, ...(data.smtp.passwordFile ? { passwordFile: at(data.smtp.passwordFile) } : {}) },
    ...(data.smpp ? { smpp: { ...data.smpp, ...(data.smpp.passwordFile ? { passwordFile: at(data.smpp.passwordFile) } : {}) } } : {}),
  }
}

/** A secret out of its file, without the line end. */
export const readSecretFile = (path: string): string => readFileSync(path, 'utf8').trimEnd()
