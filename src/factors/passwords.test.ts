import { argon2Sync } from 'node:crypto'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { times } from '../../test/support/engines.ts'
import { Fault } from '../errors.ts'
import { systemRandom as random } from '../random.ts'
import { formatOf } from './password-formats.ts'
import { cost, makePasswords } from './passwords.ts'

const passwords = await makePasswords(random)
const plain = 'correct Hörse 12'

describe('our own hash', () => {
  test('is argon2id with 19 MiB, two passes and one lane, as Node itself computes it', async () => {
    for (const password of ['a', plain, '🦩'.repeat(64), 'x'.repeat(256)]) {
      const [, , , parameters, salt = '', sum = ''] = (await passwords.hash(password)).split('$')
      expect(parameters).toBe('m=19456,t=2,p=1')
      const message = Buffer.from(password.normalize('NFC'))
      const nonce = Buffer.from(salt, 'base64')
      const own = { message, nonce, parallelism: cost.parallelism, memory: cost.memoryCost, passes: cost.timeCost, tagLength: 32 }
      expect(nonce).toHaveLength(16)
      expect(argon2Sync('argon2id', own).toString('base64').replace(/=+$/, '')).toBe(sum)
    }
  })

  test('never has one salt twice', async () => {
    expect(new Set(await Promise.all(times(20, () => passwords.hash(plain)))).size).toBe(20)
  })

  test('takes the right password in every form of its letters, and no other', async () => {
    const stored = await passwords.hash(plain.normalize('NFD'))
    expect(await Promise.all([plain, plain.normalize('NFD')].map((it) => passwords.verify(stored, it)))).toEqual([true, true])
    for (const wrong of ['', ' ', `${plain} `, plain.toLowerCase(), plain.replace('ö', 'o'), plain.slice(0, -1)])
      expect(await passwords.verify(stored, wrong)).toBe(false)
  })

  test('keeps all of 256 characters, also those of four bytes', async () => {
    const long = '🦩'.repeat(256)
    const stored = await passwords.hash(long)
    expect(await passwords.verify(stored, long)).toBe(true)
    expect(await passwords.verify(stored, `${'🦩'.repeat(255)}🦆`)).toBe(false)
  })

  test('keeps what stands behind a null', async () => {
    const stored = await passwords.hash('before\0after')
    expect([await passwords.verify(stored, 'before\0after'), await passwords.verify(stored, 'before')]).toEqual([true, false])
  })

  test('needs no renewal; every other does', async () => {
    expect(passwords.needsRehash(await passwords.hash(plain))).toBe(false)
    for (const old of ['$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$x', '$2b$10$abc', 'pbkdf2_sha256$1$a$b', '{SSHA}abc'])
      expect(passwords.needsRehash(old)).toBe(true)
  })
})

describe('an imported hash', () => {
  const vectors: readonly (readonly [string, string, string])[] = [
    ['bcrypt 2a', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
    ['bcrypt 2a, another', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK', 'U*U*'],
    ['bcrypt 2y', '$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
    ['PBKDF2 of RFC 6070', 'pbkdf2_sha1$4096$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE=', 'password'],
    ['PBKDF2 SHA-1', 'pbkdf2_sha1$1200$zoutjes12345$dfsu1rjB0sW5/9owD/IrCdIoX38=', plain],
    ['PBKDF2 SHA-256', 'pbkdf2_sha256$1200$zoutjes12345$TcPj/mm+7w7nYsxdwTN9XdBGDadQQYX3vJO0Z0AKQc4=', plain],
    [
      'PBKDF2 SHA-512',
      'pbkdf2_sha512$1200$zoutjes12345$wSV4tCXtlSL6XrlXQYceptI9Uee5gomKklyg32UqmAkb98Sw1nxwK87ypRlXM5/7mLCX9ZyIfFkw2O1paCVMgw==',
      plain,
    ],
    ['SSHA', '{SSHA}jVjprGHrj2EEujHhm5517TyEI7kBAgMEem91dA==', plain],
    ['SSHA256', '{SSHA256}/tcfieCbhh8t+fOTCF1i2ncfi1FcfHvEVTx6kk2cblYBAgMEem91dA==', plain],
    ['SSHA512', '{SSHA512}4qYSVvDH7b1NnEEUgcQr0RPZHK2axJa/gnmnAyqWy4ak5AQ6LJqrsVxxA7s3aifw8b+L6ZnG3o+F0p6UCRBMegECAwR6b3V0', plain],
  ]
  for (const [format, stored, right] of vectors)
    test(`${format}: right is right, wrong is wrong`, async () => {
      expect(await passwords.verify(stored, right)).toBe(true)
      for (const wrong of [`${right}x`, right.slice(1), '', right + right]) expect(await passwords.verify(stored, wrong)).toBe(false)
    })

  test('of bcrypt is not right for what bcrypt cannot tell apart', async () => {
    const stored = await bcryptHash('x'.repeat(72), 4)
    expect(await passwords.verify(stored, 'x'.repeat(72))).toBe(true)
    expect(await passwords.verify(stored, 'x'.repeat(73))).toBe(false)
    expect(await passwords.verify(await bcryptHash('abc', 4), 'abc\0def')).toBe(false)
  })

  const weapons = [
    '$argon2id$v=19$m=999999,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=99,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=0,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA',
    '$argon2d$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA',
    `$2b$15$${'a'.repeat(53)}`,
    `$2b$31$${'a'.repeat(53)}`,
    'pbkdf2_sha256$9999999$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE=',
    'pbkdf2_sha256$0$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE=',
    'pbkdf2_md5$1000$salt$SwB5AbdlSJq+rUnZJvch0GWkKcE=',
    '{SSHA}SwB5AbdlSJq+rUnZJvch0GWkKcE=',
    '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
    '{CLEAR}geheim',
    'geheim',
    '',
  ]
  for (const stored of weapons)
    test(`${JSON.stringify(stored.slice(0, 34))} is none: nothing is right for it`, async () => {
      expect(formatOf(stored)).toBeUndefined()
      expect(await passwords.verify(stored, 'geheim')).toBe(false)
      expect(await passwords.verify(stored, stored)).toBe(false)
    })
})

describe('the queue', () => {
  test('nobody, and an account without a password, cost the work of a wrong password and are never right', async () => {
    const one = await makePasswords(random, { width: 1 })
    const stored = await one.hash(plain)
    const spent = { somebody: [] as number[], nobody: [] as number[] }
    for (let round = 0; round < 15; round++) {
      for (const [who, hash] of [
        ['somebody', stored],
        ['nobody', null],
      ] as const) {
        const began = performance.now()
        expect(await one.verify(hash, 'wrong')).toBe(false)
        spent[who].push(performance.now() - began)
      }
    }
    const fastest = (all: number[]): number => Math.min(...all)
    expect(fastest(spent.nobody)).toBeGreaterThan(fastest(spent.somebody) * 0.6)
    expect(fastest(spent.nobody)).toBeLessThan(fastest(spent.somebody) * 1.7)
  })

  test('nobody has no password, also not the one that is hashed in its place', async () => {
    const foretold = await makePasswords({ ...random, token: () => 'foretold' })
    expect(await Promise.all([null, 'no hash at all'].map((it) => foretold.verify(it, 'foretold')))).toEqual([false, false])
  })

  test('what does not fit is told at once, and what waited is done', async () => {
    const narrow = await makePasswords(random, { width: 1, longest: 2 })
    const working = times(3, () => narrow.hash(plain))
    expect(narrow.waiting).toBe(2)
    await expect(narrow.hash(plain)).rejects.toMatchObject({ code: 'queue-full' })
    await expect(narrow.verify(null, plain)).rejects.toBeInstanceOf(Fault)
    expect((await Promise.all(working)).every((it) => it.startsWith('$argon2id$'))).toBe(true)
    expect(narrow.waiting).toBe(0)
    expect(await narrow.verify(await narrow.hash(plain), plain)).toBe(true)
  })

  test('no more work at once than the machine is wide, also when some of it fails', async () => {
    const narrow = await makePasswords(random, { width: 2, longest: 100 })
    const said = await Promise.all(times(20, (it) => narrow.verify(it % 3 ? '$argon2id$v=19$broken' : null, plain)))
    expect(said.every((it) => it === false)).toBe(true)
    expect(narrow.waiting).toBe(0)
  })
})
