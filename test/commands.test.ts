import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Operator, operatorsHere } from './support/command-line.ts'

/* What an operator types, through the real bin/sluis: one person, what is broken, the decision told. Imports: import.test.ts; `check`: check-command.test.ts. */

const fresh = operatorsHere()

const anna = ['--portal', 'c-point', '--username', 'anna']
const password = 'twaalf eenden zwemmen traag'

describe('one account', () => {
  const operator = fresh()
  const { sluis } = operator

  test('is added with the password from standard input, and shown without it', async () => {
    const added = await sluis(['account', 'add', ...anna, '--email', 'anna@haven.test', '--password-stdin'], { input: `${password}\n` })
    expect(added).toEqual({ exitCode: 0, stdout: 'Added anna to C-point.\n', stderr: '' })
    const shown = await sluis(['account', 'show', ...anna, '--json'])
    expect(JSON.parse(shown.stdout)).toMatchObject({
      portal: 'c-point',
      username: 'anna',
      email: 'anna@haven.test',
      disabled: false,
      methods: [],
    })
    expect(shown.stdout).not.toMatch(/password|hash|argon2/)
  })

  test('gets a ticket of twenty letters and digits for one day, which stands nowhere afterwards', async () => {
    const { exitCode, stdout } = await sluis(['account', 'ticket', ...anna, '--json'])
    const { ticket, until } = JSON.parse(stdout)
    const said = (await sluis(['account', 'ticket', ...anna])).stdout
    expect(said).toMatch(/^Works once, until \d{4}-\d\d-\d\d \d\d:\d\d \(Europe\/Brussels\), for anna of C-point, after the password\.$/m)
    expect([exitCode, ticket]).toEqual([0, expect.stringMatching(/^([B-Z2-9]{5}-){3}[B-Z2-9]{5}$/)])
    expect(Math.abs(Date.parse(until) - Date.now() - 86_400_000)).toBeLessThan(60_000)
    const database = readFileSync(join(operator.folder, 'sluis.db'), 'latin1')
    expect(database).not.toContain(ticket)
    expect(database).not.toContain(ticket.replaceAll('-', ''))
    expect((await sluis(['account', 'ticket', '--portal', 'c-point', '--username', 'niemand'])).exitCode).toBe(1)
  })

  test('leaves a database and a key that nobody else can read', () => {
    for (const name of ['sluis.db', 'master.key']) expect(statSync(join(operator.folder, name)).mode & 0o777).toBe(0o600)
  })

  test.each([
    'anna',
    'ANNA',
    ' Anna ',
    'ａｎｎａ',
    'аnna', // Cyrillic a
    'anna\u200d',
    'an\u00adna',
    'anna.',
    'ɑnna',
    'anna%00',
  ])('a second account that looks like it, %j, cannot be made beside it (T034)', async (username) => {
    const ran = await sluis(['account', 'add', '--portal', 'c-point', '--username', username, '--password-stdin'], {
      input: `${password}\n`,
    })
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toMatch(/already has an account|can hold letters, digits/)
  })

  test('the same name in another portal is another account', async () => {
    const ran = await sluis(['account', 'add', '--portal', 'profiportaal', '--username', 'anna', '--password-stdin'], { input: password })
    expect(ran.exitCode).toBe(0)
  })

  test('is turned off and on again', async () => {
    expect((await sluis(['account', 'disable', ...anna])).stdout).toBe('anna of C-point is off.\n')
    expect(JSON.parse((await sluis(['account', 'show', ...anna, '--json'])).stdout)).toMatchObject({ disabled: true })
    expect((await sluis(['account', 'enable', ...anna, '--json'])).stdout).toBe('{"portal":"c-point","username":"anna","disabled":false}\n')
  })

  test('whose values cannot be taken is refused with every reason, and none of them is repeated', async () => {
    const given = ['--portal', 'koop-cam', '--username', 'bad name', '--email', 'geheim', '--phone', '12', '--password-stdin']
    const ran = await sluis(['account', 'add', ...given], { input: password })
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toMatch(/^--username can hold .*; --email is no mail address; --phone is no phone number .*Nothing was added\.\n$/)
    expect(ran.stderr).not.toContain('geheim')
  })

  test('a short password is refused, and so is none', async () => {
    const short = await sluis(['account', 'add', '--portal', 'c-point', '--username', 'kort', '--password-stdin'], { input: 'kort\n' })
    expect(short).toMatchObject({ exitCode: 1, stderr: 'A password of C-point has 12 to 256 characters. Nothing was added.\n' })
    expect((await sluis(['account', 'add', '--portal', 'c-point', '--username', 'kort', '--password-stdin'])).stderr).toContain('was empty')
    expect((await sluis(['account', 'show', '--portal', 'c-point', '--username', 'kort'])).exitCode).toBe(1)
  })

  test.each([
    ['wachtwoord 1234', 'guessed first'],
    ['qwertyuiopas', 'guessed first'],
    ['zeven zwanen van C-Point', 'name of the portal'],
    ['ik ben krullebol hoor', 'or of the person'],
    ['ik ben jansenius hoor', 'or of the person'],
  ])('a password that the portal would not take is not given by the operator either: %s', async (typed, why) => {
    const which = ['--portal', 'c-point', '--username', 'krullebol']
    const ran = await sluis(['account', 'add', ...which, '--family-name', 'Jansenius', '--password-stdin'], { input: `${typed}\n` })
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toContain(why)
    expect(ran.stderr).not.toContain(typed)
    expect((await sluis(['account', 'show', ...which])).exitCode).toBe(1)
  })

  test('nobody: the refusal is one JSON value where scripts ask for it', async () => {
    const ran = await sluis(['account', 'show', '--portal', 'c-point', '--username', 'nobody', '--json'])
    expect(ran).toEqual({ exitCode: 1, stdout: '', stderr: `${JSON.stringify({ refused: "C-point has no account 'nobody'." })}\n` })
  })
})

describe('wrong use', () => {
  const { sluis } = fresh()

  test.each([
    ['no command', []],
    ['an unknown command', ['acount']],
    ['an unknown option', ['check', '--quickly']],
    ['a missing option', ['account', 'show', '--portal', 'c-point']],
    ['a missing file', ['account', 'import', '--portal', 'c-point']],
    ['a moment that is none', ['explain', '--portal', 'c-point', '--at', 'tomorrow']],
    ['one argument too many', ['account', 'show', 'anna', ...anna]],
  ])('%s ends with 2 and says how it is used', async (_, args) => {
    const ran = await sluis(args)
    expect(ran.exitCode).toBe(2)
    expect(ran.stderr).toMatch(/--help|Usage/)
  })

  test.each(['', 'serve', 'check', 'explain', 'portal', 'portal draw', 'account', 'account add', 'account import'])(
    'sluis %s --help helps',
    async (command) => {
      const ran = await sluis([...command.split(' ').filter(Boolean), '--help'])
      expect(ran.exitCode).toBe(0)
      expect(ran.stdout).toContain(`Usage: sluis ${command}`.trim())
    },
  )
})

describe('what is broken is one sentence, and exit code 1', () => {
  const refusedBy = async (operator: Operator, env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const ran = await operator.sluis(['account', 'show', ...anna], { env })
    expect(ran).toMatchObject({ exitCode: 1, stdout: '' })
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(ran.stderr).not.toMatch(/ at .*:\d+:\d+/)
    return ran.stderr
  }

  test('no sluis.yaml', async () => {
    expect(await refusedBy(fresh(), { SLUIS_CONFIG: '/nowhere/sluis.yaml' })).toMatch(
      /^sluis\.yaml: given ENOENT; a file that this user can read/,
    )
  })

  test('a sluis.yaml that is no YAML', async () => {
    const operator = fresh()
    writeFileSync(operator.config, 'database: [sluis.db\n')
    expect(await refusedBy(operator)).toMatch(/^sluis\.yaml:\d+: given .*; valid YAML/)
  })

  test('a file that is no database', async () => {
    const operator = fresh()
    operator.file('sluis.db', 'this is no database, it only has the name of one '.repeat(100))
    expect(await refusedBy(operator)).toMatch(/^cannot open the database .*sluis\.db: file is not a database/)
  })

  test('a database server that is not there, and its password is not told', async () => {
    const said = await refusedBy(fresh(), { DATABASE_URL: 'postgres://sluis:geheim@127.0.0.1:1/sluis' })
    expect(said).toMatch(/^cannot open the database postgres:\/\/127\.0\.0\.1:1\/sluis: \S+/)
    expect(said).not.toContain('geheim')
  })

  test('a database address in a file that is not there', async () => {
    expect(await refusedBy(fresh(), { DATABASE_URL_FILE: '/nowhere/url' })).toContain('DATABASE_URL_FILE: given /nowhere/url')
  })

  test('T139 T148 a master key that others can read', async () => {
    const operator = fresh()
    await operator.sluis(['account', 'show', ...anna])
    chmodSync(join(operator.folder, 'master.key'), 0o644)
    expect(await refusedBy(operator)).toMatch(/^the master key .* can be read by others: chmod 600 /)
    expect((await operator.sluis(['check'])).stderr).toContain('masterKey.file')
  })

  test('T148 the key of another database, and none where one was', async () => {
    const [operator, other] = [fresh(), fresh()]
    for (const it of [operator, other]) await it.sluis(['account', 'show', ...anna])
    const key = join(operator.folder, 'master.key')
    writeFileSync(key, readFileSync(join(other.folder, 'master.key')))
    expect(await refusedBy(operator)).toContain('is not the one this database was made with')
    operator.file('sluis.yaml', readFileSync(operator.config, 'utf8').replace('master.key', 'gone.key'))
    expect(await refusedBy(operator)).toContain('gone.key is gone')
    expect(existsSync(join(operator.folder, 'gone.key'))).toBe(false)
  })
})

describe('the decision, told', () => {
  const operator = fresh()
  const { sluis } = operator

  test('explain says what is asked, why, and what comes next for whom (rows 6-22, 36)', async () => {
    const { stdout, exitCode } = await sluis([
      'explain',
      '--portal',
      'c-point',
      '--application',
      'planning',
      '--at',
      '2026-11-25T10:00:00Z',
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('C-point, Planning, 2026-11-25 11:00 (Europe/Brussels)')
    expect(stdout).toContain('or a password and a browser remembered at most 30 days ago')
    expect(stdout).toContain('The second step is mandatory from 2024-03-18, 00:00 in Europe/Brussels')
    expect(stdout).toContain('password > choose a second step > a code by e-mail > signed in, urn:sluis:acr:2-mail')
    expect(stdout).toMatch(/in a remembered browser\n {4}password > signed in, urn:sluis:acr:2-remembered/)
  })

  test('explain of a day before the date lets a password alone in, and of the first minute of the date no longer (row 32)', async () => {
    const before = await sluis(['explain', '--portal', 'c-point', '--application', 'planning', '--at', '2024-03-17', '--json'])
    const after = await sluis(['explain', '--portal', 'c-point', '--application', 'planning', '--at', '2024-03-18', '--json'])
    expect(JSON.parse(before.stdout).requirement.anyOf).toContainEqual(['knowledge'])
    expect(JSON.parse(after.stdout).requirement.anyOf).not.toContainEqual(['knowledge'])
    expect(JSON.parse(after.stdout).at).toBe('2024-03-17T23:00:00.000Z')
  })

  describe('explain of an acr that an application asks', () => {
    const explain = (...more: string[]) =>
      sluis(['explain', '--portal', 'c-point', '--application', 'planning', '--at', '2026-11-25T10:00:00Z', ...more])
    const acrsIn = (stdout: string): string[] => [...new Set(Array.from(stdout.matchAll(/signed in, (\S+)/g), (it) => it[1] ?? ''))]

    test('a wish leaves what is at least as strong', async () => {
      const { stdout, exitCode } = await explain('--acr', 'urn:sluis:acr:2')
      expect(exitCode).toBe(0)
      expect(stdout).toContain('Asked:\n  a password and an authenticator app\n\n')
      expect(stdout).toContain('The application wishes for urn:sluis:acr:2 or more: weaker ways are left out.')
      expect(acrsIn(stdout)).toEqual(['urn:sluis:acr:2'])
      expect(acrsIn((await explain('--acr', 'urn:sluis:acr:2-mail', 'urn:sluis:acr:2')).stdout).toSorted()).toEqual([
        'urn:sluis:acr:2',
        'urn:sluis:acr:2-mail',
      ])
    })

    test('a must leaves that one alone', async () => {
      const { stdout } = await explain('--acr', 'urn:sluis:acr:2-mail', '--must')
      expect(stdout).toContain('The application must have urn:sluis:acr:2-mail: nothing else will do.')
      expect(acrsIn(stdout)).toEqual(['urn:sluis:acr:2-mail'])
      expect(JSON.parse((await explain('--acr', 'urn:sluis:acr:2-mail', '--must', '--json')).stdout)).toMatchObject({
        asked: { mustBe: ['urn:sluis:acr:2-mail'] },
        requirement: { anyOf: [['knowledge', 'mailbox']] },
      })
    })

    test('what no sign-in of the portal says: a wish changes nothing, a must is refused as the application would hear it', async () => {
      const wish = await explain('--acr', 'urn:other')
      expect(wish.stdout).toContain('No sign-in here says urn:other: the wish changes nothing.')
      expect(acrsIn(wish.stdout)).toContain('urn:sluis:acr:2-mail')
      const must = await explain('--acr', 'urn:other', '--must')
      expect(must).toMatchObject({ exitCode: 1, stdout: '' })
      expect(must.stderr).toMatch(
        /^No sign-in of C-point says urn:other: the application hears unmet_authentication_requirements\. There are: urn:sluis:acr:2, .*\.\n$/,
      )
      const over =
        'The application must have urn:sluis:acr:1: nothing else will do.\n  Nobody reaches it: after one sign-in the application hears unmet'
      expect((await explain('--acr', 'urn:sluis:acr:1', '--must')).stdout).toContain(over)
      expect((await explain('--must')).exitCode).toBe(1)
    })
  })

  test('explain without an account needs neither database nor key', () => expect(readdirSync(operator.folder)).toEqual(['sluis.yaml']))

  test('explain of an account tells what that account is asked', async () => {
    await sluis(['account', 'add', ...anna, '--email', 'anna@haven.test', '--group', 'golf-2', '--password-stdin'], { input: password })
    const { stdout } = await sluis(['explain', ...anna, '--at', '2026-11-25'])
    expect(stdout).toContain("The account is in the group 'golf-2'.")
    expect(stdout).toMatch(/What comes next:\n {2}anna\n/)
  })

  test('explain of an application or portal that is not there names those that are', async () => {
    expect(await sluis(['explain', '--portal', 'c-point', '--application', 'x'])).toMatchObject({
      exitCode: 1,
      stderr: "C-point has no application 'x'. There are: planning, ligplaatsen.\n",
    })
    expect((await sluis(['portal', 'draw', 'x'])).stderr).toBe(
      "There is no portal 'x'. There are: c-point, koop-cam, profiportaal, uitpas.\n",
    )
  })

  test.each(['c-point', 'koop-cam', 'profiportaal', 'uitpas'])('portal draw %s is a flowchart that ends signed in', async (portal) => {
    const { stdout, exitCode } = await sluis(['portal', 'draw', portal])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^---\ntitle: .*\n---\nflowchart TD\n/)
    expect(stdout).toMatch(/\(\["signed in, urn:sluis:acr:2"\]\)/)
    const [nodes, edges] = [
      new Set([...stdout.matchAll(/^ {4}(\w+)[[({]/gm)].map((it) => it[1])),
      [...stdout.matchAll(/^ {4}(\w+) -->\|"[^"]*"\| (\w+)$/gm)],
    ]
    for (const [, from, to] of edges) expect([nodes.has(from), nodes.has(to)]).toEqual([true, true])
    expect(edges.length).toBeGreaterThanOrEqual(4)
  })

  test('the drawing of koop-cam has the two branches of its manual (rows 69-80)', async () => {
    const { stdout } = await sluis(['portal', 'draw', 'koop-cam'])
    expect(stdout).toMatch(/prove_sms_gate -->\|"the right code"\| \w+enrol_totp/)
    expect(stdout).toMatch(/prove_email_gate -->\|"the right code"\| \w+register_phone/)
  })
})
