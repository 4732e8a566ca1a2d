import { expect, test } from 'vitest'
import { loadPortals, type Portal } from '../portals/index.ts'
import { type Column, type Given, readPerson } from './person.ts'

const { portals } = loadPortals([`${import.meta.dirname}/../../portals`], {
  address: 'https://login.example.org',
  applications: 'https://apps.example.org',
})
const at = (id: string): Portal => portals.get(id) as Portal

const refusedColumns = (given: Given, portal = 'c-point'): Column[] => {
  const read = readPerson(at(portal), given)
  return 'name' in read ? [] : read.map((it) => it.column)
}

const hash = { bcrypt: `$2b$10$${'a'.repeat(53)}`, ssha: `{SSHA}${Buffer.alloc(28, 7).toString('base64')}` }

test('a person is read to one spelling, and all that is wrong is told together', () => {
  expect(readPerson(at('c-point'), { username: ' Anna ', email: 'Anna@HAVEN.test' })).toMatchObject({
    name: 'anna',
    shownName: 'Anna',
    email: 'Anna@haven.test',
  })
  expect(refusedColumns({ username: '', email: 'x', phone: '12', language: 'fy', totp_secret: '1' })).toEqual([
    'username',
    'email',
    'phone',
    'totp_secret',
    'language',
  ])
})

test('where the user name is the mail address, one of the two is enough', () => {
  expect(readPerson(at('uitpas'), { username: 'gijs@balie.test' })).toMatchObject({ name: 'gijs@balie.test', email: 'gijs@balie.test' })
  expect(readPerson(at('uitpas'), { email: 'gijs@balie.test' })).toMatchObject({ name: 'gijs@balie.test', shownName: 'gijs@balie.test' })
})

test.each([
  ['bcrypt of cost 31', `$2b$31$${'a'.repeat(53)}`],
  ['argon2id of 4 GiB', `$argon2id$v=19$m=4194304,t=2,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
  ['PBKDF2 of a thousand million rounds', `pbkdf2_sha256$1000000000$salt$${Buffer.alloc(32).toString('base64')}`],
  ['an unknown scheme', '{MD5}1B2M2Y8AsgTpgAmY7PhCfg=='],
  ['a plain text', 'welkom01'],
])('a hash that is %s is refused before anything is hashed (T134)', (_, password_hash) => {
  expect(refusedColumns({ username: 'anna', password_hash })).toEqual(['password_hash'])
})

test('a hash and a password beside each other are one too many', () => {
  expect(refusedColumns({ username: 'anna', password: 'twaalf eenden', password_hash: hash.bcrypt })).toEqual(['password_hash'])
  expect(refusedColumns({ username: 'anna', password_hash: hash.ssha })).toEqual([])
})

test.each([
  ['1 byte', 'AE'],
  ['15 bytes', 'A'.repeat(24)],
  ['65 bytes', 'A'.repeat(104)],
  ['10 kB', 'A'.repeat(16_000)],
  ['not base32', '0189-!'.repeat(5)],
])('a key of an app that is %s is refused (T134)', (_, totp_secret) => {
  expect(refusedColumns({ username: 'anna', totp_secret })).toEqual(['totp_secret'])
})

test('keys of 16 to 64 bytes are taken, as people write them', () => {
  expect(refusedColumns({ username: 'anna', totp_secret: 'ijs4 3tly loyy m6td 45w3 5kyk pfag dtuu' })).toEqual([])
  expect(refusedColumns({ username: 'anna', totp_secret: 'A'.repeat(26) })).toEqual([])
  expect(refusedColumns({ username: 'anna', totp_secret: `${'A'.repeat(103)}=` })).toEqual([])
})

test.each(['=cmd()', '+31', '-1', '@SUM(A1)', '\tx', 'Anna\u202e', 'A\nB'])(
  '%j is no name: a spreadsheet could run it (T134)',
  (given_name) => {
    expect(refusedColumns({ username: 'anna', given_name })).toEqual(['given_name'])
  },
)

test.each(["'t Hooft", "O'Brien", 'Zoë-Anne', 'van der Velde', 'Müller, Jr.'])('%s is a name', (family_name) => {
  expect(refusedColumns({ username: 'anna', family_name })).toEqual([])
})

test('a refusal never repeats what was given', () => {
  const read = readPerson(at('koop-cam'), {
    username: 'geheim 1',
    email: 'geheim2',
    phone: 'geheim3',
    password_hash: 'geheim4',
    group: '=geheim5',
  })
  expect(JSON.stringify(read)).not.toContain('geheim')
  expect(read).toHaveLength(5)
})
