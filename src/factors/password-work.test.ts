import { setTimeout as pause } from 'node:timers/promises'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { systemRandom as random } from '../random.ts'
import { formatOf } from './password-formats.ts'
import { exampleOf, makeWorkTimes, workOf } from './password-work.ts'
import { makePasswords } from './passwords.ts'

const works = ['$argon2id$v=19$m=8192,t=1,p=1$', '$2b$06$', '$2y$05$', 'pbkdf2_sha256$5000$', 'pbkdf2_sha1$1000$', 'pbkdf2_sha512$1000$']

test.each(works)('%s: a hash made up for it is really checked, and tells the same work again', async (work) => {
  const example = exampleOf(work)
  expect([formatOf(example) !== undefined, workOf(example)]).toEqual([true, work])
  const passwords = await makePasswords(random)
  expect(await passwords.verify(example, 'nobody')).toBe(false)
})

test('SSHA and what is no hash have none; our own hash is told apart by its cost', async () => {
  const passwords = await makePasswords(random)
  const own = await passwords.hash('whatever')
  expect([workOf('{SSHA}SwB5AbdlSJq+rUnZJvch0GWkKcE='), workOf('plain'), passwords.workOf(own)]).toEqual([undefined, undefined, undefined])
  expect(passwords.workOf(own.replace('m=19456', 'm=65536'))).toBe('$argon2id$v=19$m=65536,t=2,p=1$')
})

test('what was never seen is tried out once, however many wait for it; later the slowest time lately seen holds', async () => {
  const times = makeWorkTimes()
  let tried = 0
  const tryOut = async (): Promise<void> => {
    tried++
    await times.timed('$2b$12$', () => pause(40))
  }
  const [first] = await Promise.all([1, 2, 3].map(() => times.slowest(['$2b$12$'], tryOut)))
  expect([tried, first]).toEqual([1, expect.toSatisfy((it: number) => it >= 50 && it % 10 === 0)])
  await times.timed('$2b$12$', () => pause(80))
  expect(await times.slowest(['$2b$12$', '$2b$04$'], () => times.timed('$2b$04$', async () => undefined))).toBeGreaterThanOrEqual(100)
  expect(await times.slowest([], tryOut)).toBe(0)
})

test('a password that bcrypt cannot tell apart is as much work as any other', async () => {
  const passwords = await makePasswords(random, { width: 1 })
  const stored = await bcryptHash('x'.repeat(72), 10)
  const took = async (plain: string): Promise<number> => {
    const began = performance.now()
    expect(await passwords.verify(stored, plain)).toBe(false)
    return performance.now() - began
  }
  const fastest = async (plain: string): Promise<number> => Math.min(await took(plain), await took(plain), await took(plain))
  const usual = await fastest('wrong')
  for (const odd of ['x'.repeat(73), `${'x'.repeat(71)}\0`]) expect(await fastest(odd)).toBeGreaterThan(usual / 4)
})

test('who waits for slow work holds no turn: the next password is checked meanwhile', async () => {
  const passwords = await makePasswords(random, { width: 1, longest: 1 })
  await passwords.verify(exampleOf('$2b$12$'), 'wrong')
  const refused = passwords.place()
  await refused.verify(null, 'wrong')
  let isOver = false
  const waiting = refused.asSlowAs(['$2b$12$']).then(() => {
    isOver = true
  })
  expect(await passwords.verify(await passwords.hash('right'), 'right')).toBe(true)
  expect([isOver, passwords.waiting]).toEqual([false, 0])
  await waiting
})
