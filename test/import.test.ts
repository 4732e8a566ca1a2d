import { createHash, pbkdf2Sync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash as argon2 } from '@node-rs/argon2'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makePasswords, verifyTotp } from '../src/factors/index.ts'
import { openVault } from '../src/master-key.ts'
import { systemRandom } from '../src/random.ts'
import { authenticatorsOf, findAccountByName, findAttempt, openStorage, type Storage } from '../src/storage/index.ts'
import { newOperator, type Operator, type Ran } from './support/command-line.ts'
import { createDatabase, type FreshDatabase, noPostgres } from './support/postgres.ts'

/* `account import` through the real bin/sluis, on both engines: what is promised about people who come by the thousand. */

const plain = 'twaalf eenden zwemmen traag'
const seed = 'IJS43TLYLOYYM6TD45W35KYKPFAGDTUU'
const header = 'username,email,phone,password,password_hash,totp_secret,language,given_name,family_name,group'

async function hashes(): Promise<Record<string, string>> {
  const salt = Buffer.from('zout-en-peper-16')
  const ssha = (name: string, digest: string) =>
    `{${name}}${Buffer.concat([createHash(digest).update(plain).update(salt).digest(), salt]).toString('base64')}`
  return {
    argon2id: await argon2(plain, { memoryCost: 8192, timeCost: 1, parallelism: 1 }),
    bcrypt: await bcrypt(plain, 4),
    'bcrypt-php': (await bcrypt(plain, 4)).replace('$2b$', '$2y$'),
    pbkdf2: `pbkdf2_sha256$1000$zout$${pbkdf2Sync(plain, 'zout', 1000, 32, 'sha256').toString('base64')}`,
    ssha: ssha('SSHA', 'sha1'),
    ssha256: ssha('SSHA256', 'sha256'),
    ssha512: ssha('SSHA512', 'sha512'),
  }
}

describe.each(['SQLite', 'PostgreSQL'])('on %s', (engine) => {
  describe.skipIf(engine === 'PostgreSQL' && noPostgres !== undefined)('people by the file', () => {
    let operator: Operator
    let database: FreshDatabase | undefined
    let storage: Storage
    const env = (): NodeJS.ProcessEnv => (database ? { DATABASE_URL: database.url } : {})
    const sluis = (...args: string[]): Promise<Ran> => operator.sluis(args, { env: env() })
    const importing = (content: string | Uint8Array, ...options: string[]): Promise<Ran> =>
      sluis('account', 'import', operator.file('people.csv', content), '--portal', 'c-point', ...options)
    const accountNamed = (name: string) => findAccountByName(storage.db, 'c-point', name)
    const count = async (): Promise<number> => (await storage.db.selectFrom('account').select('id').execute()).length

    beforeAll(async () => {
      operator = newOperator()
      database = engine === 'PostgreSQL' ? await createDatabase() : undefined
      await sluis('account', 'show', '--portal', 'c-point', '--username', 'x')
      storage = await openStorage(database?.url ?? join(operator.folder, 'sluis.db'))
    }, 120_000)
    afterAll(async () => {
      await storage?.close()
      await database?.drop()
      operator?.close()
    })

    test('a dry run says what would happen and writes nothing', async () => {
      const ran = await importing(`${header}\nanna,anna@haven.test,,${plain},,${seed},nl,Anna,Jansen,golf-2\n`, '--dry-run')
      expect(ran).toEqual({
        exitCode: 0,
        stdout: 'Would have: 1 added, 0 changed, 0 left as they are in C-point. Nothing was written.\n',
        stderr: '',
      })
      expect(await count()).toBe(0)
    })

    test('every kind of hash, a plain password and the key of an app let their owners in', async () => {
      const rows = Object.entries(await hashes()).map(([name, hash]) => `${name},${name}@haven.test,,,"${hash}",,,,,`)
      const ran = await importing([header, ...rows, `anna,anna@haven.test,,${plain},,${seed},nl,Anna,Jansen,golf-2`].join('\r\n'), '--json')
      expect(JSON.parse(ran.stdout)).toMatchObject({ added: 8, changed: 0, refused: [] })

      const passwords = await makePasswords(systemRandom)
      for (const name of [...Object.keys(await hashes()), 'anna']) {
        const { password_hash } = (await accountNamed(name)) ?? { password_hash: null }
        expect([name, await passwords.verify(password_hash, plain)]).toEqual([name, true])
        expect([name, await passwords.verify(password_hash, `${plain}!`)]).toEqual([name, false])
      }
      const account = await accountNamed('anna')
      expect(account).toMatchObject({ given_name: 'Anna', family_name: 'Jansen', group_name: 'golf-2', language: 'nl' })
      const [now, vault] = [Date.now(), await openVault(join(operator.folder, 'master.key'), storage, systemRandom)]
      const code = new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: now })
      const broken = (): never => expect.unreachable('the key of the app does not open')
      const tried = await storage.inTransaction((tx) => verifyTotp(tx, vault, account?.id ?? '', 'sign-in', code, now, broken))
      expect(tried).toMatchObject({ fact: 'proved', method: 'totp' })
    })

    test('whoever came with an app is asked for it, whatever the date of the portal', async () => {
      expect((await accountNamed('anna'))?.second_step_since).toEqual(expect.any(Number))
      expect((await accountNamed('bcrypt'))?.second_step_since).toBeNull()
    })

    test('each account and each app stands in the audit', async () => {
      const events = await storage.db.selectFrom('audit').select(['event', 'account_id']).execute()
      expect(events.filter((it) => it.event === 'account.added')).toHaveLength(8)
      expect(events.filter((it) => it.event === 'authenticator.bound')).toHaveLength(1)
    })

    test('neither the plain password nor the key of the app is kept anywhere', async () => {
      const kept = JSON.stringify([
        await storage.db.selectFrom('account').selectAll().execute(),
        await storage.db.selectFrom('authenticator').selectAll().execute(),
      ])
      const files = database ? '' : ['sluis.db', 'sluis.db-wal'].map((it) => readFileSync(join(operator.folder, it), 'latin1')).join('')
      for (const secret of [plain, seed, Buffer.from(Secret.fromBase32(seed).bytes).toString('latin1')])
        expect([kept.includes(secret), files.includes(secret)]).toEqual([false, false])
    })

    test('one refused line imports nothing, and all refused lines are told with line, column and reason, never with a value', async () => {
      const before = await count()
      const lines = [
        'goed,goed@haven.test,,een heel goed geheim,,,,,,',
        'ANNA,anna@haven.test,,nog een geheim woord,,,,,,', // exists, in other letters
        'bram,geen adres,,geheim nummer drie,,KORT,,,,',
        'cato,cato@haven.test,,,$2b$31$geheimgeheimgeheimgeheimgeheimgeheimgeheimgeheimgehei,,,,,',
        'daan,daan@haven.test,,geheim',
        'Bertus,b@haven.test,,,,,,=geheim(),,',
        'ｇｏｅｄ,goed2@haven.test,,,,,,,,', // the first line again, full-width
      ]
      const ran = await importing([header, ...lines].join('\n'))
      expect(ran).toMatchObject({ exitCode: 1, stdout: '' })
      expect(ran.stderr.trimEnd().split('\n')).toEqual([
        'line 3: username exists already; --update changes who exists',
        'line 4: email is no mail address',
        'line 4: totp_secret is no base32 of 16 to 64 bytes',
        'line 5: password_hash is no argon2id, bcrypt, PBKDF2 or SSHA hash whose cost is within bounds',
        'line 6: has 4 fields where the first line has 10',
        'line 7: given_name is no name of letters, at most 100',
        'line 8: username is the name of line 2',
        '6 lines refused',
        'Nothing was imported. Mend the lines, or leave them out with --skip-refused.',
      ])
      expect(ran.stderr).not.toMatch(/geheim|KORT|geen adres/)
      expect(await count()).toBe(before)
      expect(JSON.parse((await importing([header, ...lines].join('\n'), '--json')).stdout)).toMatchObject({ added: 0, changed: 0 })
      expect(await count()).toBe(before)
    })

    test('--skip-refused imports the others', async () => {
      const ran = await importing('username;email\nxander;xander@haven.test\nanna;anna@haven.test\n', '--skip-refused', '--json')
      expect(ran.exitCode).toBe(0)
      expect(JSON.parse(ran.stdout)).toMatchObject({ added: 1, refused: [{ line: 3, column: 'username' }] })
      expect(await accountNamed('xander')).toBeDefined()
    })

    test('--update changes what is given and differs, and leaves what is empty', async () => {
      const before = await accountNamed('anna')
      const ran = await importing(
        `username,email,given_name,group\nAnna,nieuw@haven.test,,golf-3\nxander,xander@haven.test,,\n`,
        '--update',
      )
      expect(ran.stdout).toBe('Done: 0 added, 1 changed, 1 left as they are in C-point.\n')
      expect(ran.stderr).toBe("Group 'golf-3' has no date of its own: it follows the date of C-point.\n")
      expect(await accountNamed('anna')).toEqual({ ...before, email: 'nieuw@haven.test', group_name: 'golf-3' })
    })

    test('the same file again changes nothing: not the password that is right already, not the app', async () => {
      const before = [await accountNamed('anna'), await authenticatorsOf(storage.db, (await accountNamed('anna'))?.id ?? '')]
      const ran = await importing(`username,password,totp_secret\nanna,${plain},${seed}\n`, '--update', '--json')
      expect(JSON.parse(ran.stdout)).toMatchObject({ added: 0, changed: 0, unchanged: 1 })
      expect([await accountNamed('anna'), await authenticatorsOf(storage.db, (await accountNamed('anna'))?.id ?? '')]).toEqual(before)
    })

    test.each([
      ['a new password', 'username,password\nanna,een heel ander geheim\n', 'anna'],
      ['an app', 'username,totp_secret\nxander,LI565SWXHT2FGQISPMPFNOXXY6HDUZIX\n', 'xander'],
    ])('T068 %s ends the sessions of before, and sign-ins that stand half-way', async (_, lines, name) => {
      const id = (await accountNamed(name))?.id ?? ''
      const [session, attempt] = [`s ${name}`, `a ${name}`]
      const own = { portal: 'c-point', account_id: id }
      for (const [table, row] of [
        ['session', { id: session, token_hash: session, ...own }],
        ['attempt', { id: attempt, token_hash: attempt, ...own }],
      ] as const)
        await storage.db
          .insertInto(table)
          .values(await rowOf(storage, table, row))
          .execute()
      await importing(lines, '--update')
      const open = await storage.db.selectFrom('session').selectAll().where('account_id', '=', id).execute()
      expect(open.filter((it) => it.ended_at === null)).toEqual([])
      expect(await findAttempt(storage.db, 'c-point', attempt, Date.now())).toBeUndefined()
    })

    test('an app that a person set up here is never replaced by a file', async () => {
      const ran = await importing('username,totp_secret\nanna,LI565SWXHT2FGQISPMPFNOXXY6HDUZIX\n', '--update')
      expect(ran).toMatchObject({ exitCode: 1 })
      expect(ran.stderr).toContain('line 2: totp_secret differs from the app that this account has')
    })

    test.each([
      ['UTF-16', Buffer.from('\ufeffusername\nx\n', 'utf16le'), 'The file is UTF-16.'],
      ['no UTF-8', Buffer.from('username\nZo\xeb\n', 'latin1'), 'The file is not UTF-8'],
      ['an unknown column', 'username,shoe_size\nx,1\n', "Not known: 'shoe_size'."],
      ['a file without a header, whose values are not told', 'bram,geheim\n', 'The first line names no column.'],
      ['half a header, whose values are not told', 'username,$2b$geheim\n', 'Not known: column 2.'],
      ['T083 a name of a prototype', 'username,__proto__\nx,{}\n', 'Not known: column 2.'],
      ['T083 another one', 'username,constructor\nx,{}\n', "Not known: 'constructor'."],
      ['no column that says who', 'email,phone\nx@y.test,\n', 'lacks the column username'],
      ['a column named twice', 'username,email,email\nx,,\n', 'names a column twice'],
      ['an empty file', '', 'The file is empty'],
    ])('%s is refused as a whole, in a sentence', async (_, content, said) => {
      const ran = await importing(content)
      expect(ran).toMatchObject({ exitCode: 1, stdout: '' })
      expect(ran.stderr).toContain(said)
      expect(ran.stderr).not.toContain('geheim')
    })

    test('a file or portal that is not there is said', async () => {
      expect((await sluis('account', 'import', '/nowhere.csv', '--portal', 'c-point')).stderr).toBe(
        '/nowhere.csv cannot be read: ENOENT.\n',
      )
      expect((await sluis('account', 'import', '/nowhere.csv', '--portal', 'x')).stderr).toContain("There is no portal 'x'.")
    })

    test('ten thousand people, in another spelling of the same table, come in one go', async () => {
      const { bcrypt: hash } = await hashes()
      const rows = Array.from({ length: 10_000 }, (_, i) => `"${hash}";p${i}@haven.test;p${i}`)
      const began = performance.now()
      const ran = await importing(`\ufeffpassword_hash;email;username\r\n${rows.join('\r\n')}\r\n`)
      expect(ran.stdout).toBe('Done: 10000 added, 0 changed, 0 left as they are in C-point.\n')
      expect(performance.now() - began).toBeLessThan(20_000)
    }, 60_000)
  })
})

/** Something that is live, with everything that its table needs. */
async function rowOf(storage: Storage, table: string, given: object): Promise<never> {
  const now = Date.now()
  const columns = (await storage.db.introspection.getTables()).find((it) => it.name === table)?.columns ?? []
  const rest = columns
    .filter((it) => !it.isNullable && !it.hasDefaultValue)
    .map((it) => [it.name, /char|text/i.test(it.dataType) ? '-' : now + 3_600_000])
  return { ...Object.fromEntries(rest), ...given } as never
}
