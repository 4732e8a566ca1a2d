import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { stringify } from 'yaml'

/** `bin/sluis` as an operator runs it: a process of its own, with a sluis.yaml in a folder of its own. */
export interface Operator {
  readonly folder: string
  readonly config: string
  /** Writes a file into the folder and tells its path. */
  file(name: string, content: string | Uint8Array): string
  sluis(args: readonly string[], given?: { input?: string; env?: NodeJS.ProcessEnv }): Promise<Ran>
  close(): void
}

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

const root = join(import.meta.dirname, '../..')
let installed: string | undefined
let operators = 0

/** Built once and set apart, as on a server: what is edited meanwhile is not what is tested. */
function install(): string {
  if (installed) return installed
  spawnSync(join(root, 'bin/sluis'), ['--help'])
  const place = mkdtempSync(join(tmpdir(), 'sluis-installed-'))
  for (const it of ['bin', 'dist']) cpSync(join(root, it), join(place, it), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  installed = place
  return place
}

/** The shipped portals, an embedded database, no servers. */
export function newOperator(settings: object = {}): Operator {
  operators++
  const folder = mkdtempSync(join(tmpdir(), 'sluis-operator-'))
  const config = join(folder, 'sluis.yaml')
  const usual = {
    database: 'sluis.db',
    masterKey: { file: 'master.key' },
    portals: join(root, 'portals'),
    address: 'http://localhost:8080',
    smtp: { host: '127.0.0.1', port: 2525, secure: 'none' },
    applications: { address: 'http://localhost:8090' },
  }
  writeFileSync(config, stringify({ ...usual, ...settings }))
  return {
    folder,
    config,
    file: (name, content) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
    sluis: (args, { input = '', env = {} } = {}) => run(args, input, { SLUIS_CONFIG: config, ...env }),
    close: () => {
      rmSync(folder, { recursive: true, force: true })
      operators--
      if (operators > 0 || !installed) return
      rmSync(installed, { recursive: true, force: true })
      installed = undefined
    },
  }
}

/** New operators for the tests of one file: the command line is built once before the first, and all that is theirs goes after the last. */
export function operatorsHere(): (settings?: object) => Operator {
  const made: Operator[] = []
  const fresh = (settings?: object): Operator => {
    const it = newOperator(settings)
    made.push(it)
    return it
  }
  beforeAll(async () => void (await fresh().sluis(['--help'])), 120_000)
  afterAll(() => {
    for (const it of made) it.close()
  })
  return fresh
}

function run(args: readonly string[], input: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const { DATABASE_URL: _, NODE_OPTIONS: __, VITEST: ___, ...outer } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn(join(install(), 'bin/sluis'), args, { env: { ...outer, NO_COLOR: '1', ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => {
      said.stdout += piece
    })
    child.stderr.on('data', (piece) => {
      said.stderr += piece
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? -1, ...said }))
    // A command that refuses at once does not read what it is given.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
