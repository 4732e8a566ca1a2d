import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Operator, operatorsHere } from './support/command-line.ts'
import { desk } from './support/desk.ts'

/* `sluis check`, through the real bin/sluis: what an operator reads before the start. */

const fresh = operatorsHere()

describe('check', () => {
  test('finds nothing wrong with the shipped portals, warns of what is weaker, and makes neither database nor key', async () => {
    const { sluis, folder } = fresh()
    const ran = await sluis(['check'])
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toContain('Warning: koop-cam: secondStep.codeLifeSeconds is 900, the house says at most 600. Reason given: ')
    expect(ran.stdout).toContain('All good: c-point, koop-cam, profiportaal, uitpas.')
    expect(readdirSync(folder)).toEqual(['sluis.yaml'])
  })

  test('tells five mistakes in two files at once, with file, line, key, given and allowed', async () => {
    const { sluis, file, folder } = fresh({ portals: 'desk.yaml', metricsPort: 'ninety', colour: 'blue' })
    file('desk.yaml', stringify({ ...desk, register: 'wij', secondStep: { methods: ['totp'], gate: 'none', codeLifeSeconds: 5 } }))
    const ran = await sluis(['check'])
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr.trimEnd().split('\n')).toEqual([
      'sluis.yaml:12: metricsPort: given "ninety"; allowed: number',
      'sluis.yaml:13: colour: given "blue"; this key is not known',
      'desk.yaml:3: register: given "wij"; allowed: je, u',
      'desk.yaml:8: secondStep.codeLifeSeconds: given 5; allowed: at least 120',
      'desk.yaml:7: secondStep.gate: given "none"; allowed: email or sms-or-email, or a written reason in secondStep.deviations.gate',
      '5 problems.',
    ])
    expect(JSON.parse((await sluis(['check', '--json'])).stdout).problems).toHaveLength(5)
    expect(existsSync(join(folder, 'sluis.db'))).toBe(false)
  })

  test('tells which named files are missing (T147)', async () => {
    const { sluis } = fresh({ smtp: { host: 'mail.example.org', user: 'sluis', passwordFile: 'smtp.password' } })
    const ran = await sluis(['check'])
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toMatch(/smtp\.passwordFile: given .*smtp\.password; a file that this user can read/)
  })

  test('looks at a portal file alone, where there is no sluis.yaml yet', async () => {
    const file = join(import.meta.dirname, '../portals/uitpas.yaml')
    const env = { SLUIS_CONFIG: '/nowhere/sluis.yaml' }
    expect(await fresh().sluis(['check', file], { env })).toEqual({ exitCode: 0, stdout: 'All good: uitpas.\n', stderr: '' })
    expect((await fresh().sluis(['portal', 'draw', file], { env })).stdout).toContain('flowchart TD')
  })

  describe('of how applications prove who they are', () => {
    const client = (more: object) => ({ id: 'desk', redirectUris: ['https://desk.example.org/callback'], ...more })
    const signing = (keysFile: string) => client({ authentication: 'private-key', keysFile })
    const keys = (...jwks: object[]): string => JSON.stringify({ keys: jwks })
    const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
    const withClients = (clients: Record<string, object>): Operator => {
      const operator = fresh({ portals: 'desk.yaml', applications: { secrets: {} } })
      const applications = Object.fromEntries(
        Object.entries(clients).map(([name, it]) => [name, { title: name, client: { ...it, id: name } }]),
      )
      operator.file('desk.yaml', stringify({ ...desk, applications }))
      operator.file('right.secret', `${'n'.repeat(40)}\n${'o'.repeat(40)}\n`)
      operator.file('short.secret', 'geheim-kort\n')
      operator.file('three.secret', `${'geheim'.repeat(6)}\n`.repeat(3))
      operator.file('right.json', keys(publicKey))
      operator.file('private.json', keys({ ...publicKey, d: 'geheim' }))
      operator.file('symmetric.json', keys({ kty: 'oct', k: 'geheim' }))
      operator.file('small.json', keys(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })))
      operator.file('none.json', 'geheim')
      return operator
    }

    test('says all at once what the start would refuse, and no secret; the start refuses the same', async () => {
      const { sluis } = withClients({
        gone: client({ secretFile: 'gone.secret' }),
        short: client({ secretFile: 'short.secret' }),
        three: client({ secretFile: 'three.secret' }),
        keyless: signing('gone.json'),
        private: signing('private.json'),
        symmetric: signing('symmetric.json'),
        small: signing('small.json'),
        none: signing('none.json'),
        open: client({ pkce: 'not-required', deviations: { pkce: 'Replaced in May.' } }),
      })
      const of = (name: string, rest: string): string => `desk.yaml: applications.${name}.client.${rest}`
      const sentences = [
        of('gone', 'secretFile: given gone.secret; a file beside the portal file that this user can read'),
        of('short', 'secretFile: given short.secret, a secret of 11 characters; allowed: at least 32'),
        of('three', 'secretFile: given three.secret, 3 lines; allowed: two, the secret and the one before it'),
        of('keyless', 'keysFile: given gone.json; a file beside the portal file that this user can read'),
        of('private', 'keysFile: given private.json, a private or symmetric key; allowed: public keys alone'),
        of('symmetric', 'keysFile: given symmetric.json, a private or symmetric key; allowed: public keys alone'),
        of('small', 'keysFile: given small.json; allowed: a JWK Set with an RSA key of 2048 bits or more, EC P-256 or Ed25519'),
        of('none', 'keysFile: given none.json; allowed: a JWK Set with an RSA key of 2048 bits or more, EC P-256 or Ed25519'),
        of('open', 'pkce: given not-required; allowed: required, because a client without a secret needs PKCE'),
      ]
      const checked = await sluis(['check'])
      expect(checked.exitCode).toBe(1)
      expect(
        checked.stderr
          .trimEnd()
          .split('\n')
          .filter((it) => !it.startsWith('Warning')),
      ).toEqual([...sentences, '9 problems.'])
      expect(checked.stderr).not.toContain('geheim')
      const started = await sluis(['serve'])
      expect(started.exitCode).toBe(1)
      for (const it of sentences) expect(started.stderr + started.stdout).toContain(it)
    })

    test('warns of one that has no secret, and not of one that signs', async () => {
      const { sluis } = withClients({ open: client({}), signing: signing('right.json'), changing: client({ secretFile: 'right.secret' }) })
      const { exitCode, stdout } = await sluis(['check'])
      expect([exitCode, stdout]).toEqual([0, "Warning: desk: the client of 'open' has no secret.\nAll good: desk.\n"])
    })
  })

  test('names strays: a secret of an application that no portal has', async () => {
    const { sluis } = fresh({ applications: { address: 'http://localhost:8090', secrets: { 'c-point/plannnig': 'x'.repeat(40) } } })
    expect((await sluis(['check'])).stdout).toContain(
      "Warning: applications.secrets has 'c-point/plannnig', and no portal has that application.",
    )
  })
})
