import fc from 'fast-check'
import { HOTP, Secret, TOTP } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { account, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import { addAuthenticator, authenticatorsOf, disableAuthenticators, makeVault, type Storage } from '../storage/index.ts'
import { equalInConstantTime, hotp, matchingStep, seedPlace, stepSeconds, stepWithin, type TotpRefusal, verifyTotp } from './totp.ts'

const ascii = Buffer.from('12345678901234567890')
const vault = makeVault(Buffer.alloc(32, 7), random)

describe('the code of a moment', () => {
  test('is that of RFC 4226, appendix D', () => {
    const table = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
    expect(times(10, (counter) => hotp(ascii, counter))).toEqual(table)
  })

  test('is that of RFC 6238, appendix B, its last six digits', () => {
    const table: readonly [seconds: number, code: string][] = [
      [59, '94287082'],
      [1_111_111_109, '07081804'],
      [1_111_111_111, '14050471'],
      [1_234_567_890, '89005924'],
      [2_000_000_000, '69279037'],
      [20_000_000_000, '65353130'],
    ]
    for (const [seconds, code] of table) {
      const step = Math.floor(seconds / stepSeconds)
      expect(hotp(ascii, step)).toBe(code.slice(2))
      expect(matchingStep(ascii, code.slice(2), seconds * 1000)).toBe(step)
    }
  })

  const seeds = fc.uint8Array({ minLength: 20, maxLength: 20 })
  const moments = fc.integer({ min: 60_000, max: 4_000_000_000_000 })

  test('is what another implementation says, for any seed and moment', () => {
    const same = (seed: Uint8Array, at: number): void => {
      const secret = new Secret({ buffer: Uint8Array.from(seed).buffer })
      const other = new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: at })
      const step = Math.floor(at / 30_000)
      expect(hotp(seed, step)).toBe(other)
      expect(HOTP.generate({ secret, counter: step })).toBe(other)
    }
    fc.assert(fc.property(seeds, moments, same), { numRuns: 2_000 })
  })

  test('is taken one step early and one step late, and no further', () => {
    const window = (seed: Uint8Array, at: number): void => {
      const now = Math.floor(at / 30_000)
      const near = new Set([now - 1, now, now + 1].map((step) => hotp(seed, step)))
      for (const away of [-10, -3, -2, -1, 0, 1, 2, 3, 10]) {
        const code = hotp(seed, Math.max(0, now + away))
        const step = matchingStep(seed, code, at)
        if (Math.abs(away) <= 1) expect(hotp(seed, step as number)).toBe(code)
        else if (!near.has(code)) expect(step).toBeUndefined()
      }
    }
    fc.assert(fc.property(seeds, moments, window), { numRuns: 500 })
  })

  test('of a twin of six digits the nearest step is meant', () => {
    const seed = Buffer.alloc(20, 1)
    expect(stepWithin(seed, hotp(seed, 1_000), 1_000 * 30_000, 10)).toBe(1_000)
    expect(stepWithin(seed, hotp(seed, 1_007), 1_000 * 30_000, 10)).toBe(1_007)
    expect(stepWithin(seed, hotp(seed, 993), 1_000 * 30_000, 10)).toBe(993)
    expect(stepWithin(seed, hotp(seed, 1_011), 1_000 * 30_000, 10)).toBeUndefined()
  })

  test('has no step before the beginning of time', () => expect(matchingStep(ascii, hotp(ascii, 1), 0)).toBe(1))

  test('is compared as six characters, whatever their number', () => {
    for (const [a, b] of [
      ['000042', '42'],
      ['000042', '0000420'],
      ['000042', ''],
      ['123456', '１２３４５６'],
    ] as const)
      expect(equalInConstantTime(a, b)).toBe(false)
    expect(equalInConstantTime('000042', '000042')).toBe(true)
  })
})

onEachEngine((opened, another) => {
  const person = async (seeds: readonly Uint8Array[]): Promise<string> => {
    const who = await account(opened().db)
    for (const seed of seeds) await link(who, seed)
    return who
  }
  const link = async (who: string, seed: Uint8Array): Promise<string> => {
    const id = random.id()
    const row = { id, account_id: who, method: 'totp' as const, secret: vault.seal(seed, seedPlace(id)), title: null, last_step: 0 }
    await opened().inTransaction((tx) => addAuthenticator(tx, { ...row, bound_at: start, last_used_at: null, disabled_at: null }))
    return id
  }
  const never = (): void => expect.unreachable('no alarm was due')
  const step = start / 30_000
  const type = (who: string, code: string, now = start, storage: Storage = opened(), broken: () => void = never) =>
    storage.inTransaction((tx) => verifyTotp(tx, vault, who, 'sign-in', code, now, broken))
  const say = async (...of: Parameters<typeof type>): Promise<'in' | TotpRefusal['why']> => {
    const said = await type(...of)
    return said.fact === 'proved' ? 'in' : said.why
  }

  test('an app code is a dated proof of the app', async () => {
    const seed = random.bytes(20)
    expect(await type(await person([seed]), hotp(seed, step))).toEqual({ fact: 'proved', method: 'totp', purpose: 'sign-in', at: start })
  })

  test('two steps early or late is refused; in the past it is said to be an earlier code', async () => {
    const seed = Buffer.alloc(20, 3)
    const who = await person([seed])
    for (const away of [-10, -2, 2, 10]) expect(await say(who, hotp(seed, step + away))).toBe('previous')
    for (const away of [-11, 11]) expect(await say(who, hotp(seed, step + away))).toBe('wrong')
    expect(await say(who, hotp(seed, step))).toBe('in')
  })

  test('a code works once; after a later one those before it are dead', async () => {
    const seed = Buffer.alloc(20, 4)
    const who = await person([seed])
    expect(await say(who, hotp(seed, step + 1))).toBe('in')
    expect([await say(who, hotp(seed, step + 1)), await say(who, hotp(seed, step)), await say(who, hotp(seed, step - 1))]).toEqual([
      'used',
      'used',
      'used',
    ])
    expect(await say(who, hotp(seed, step + 2), start + 30_000)).toBe('in')
  })

  test('one code in fifty tabs of two processes lets one in', async () => {
    const two = await another()
    const seed = random.bytes(20)
    const who = await person([seed])
    const said = await Promise.all(times(50, (it) => say(who, hotp(seed, step), start, it % 2 ? opened() : two)))
    expect(said.filter((it) => it === 'in')).toHaveLength(1)
    expect(said.filter((it) => it === 'used')).toHaveLength(49)
  })

  test('any linked app may give the code, and each spends its own', async () => {
    const [old, fresh] = [Buffer.alloc(20, 5), Buffer.alloc(20, 6)]
    const who = await person([old, fresh])
    expect([await say(who, hotp(fresh, step)), await say(who, hotp(old, step)), await say(who, hotp(fresh, step))]).toEqual([
      'in',
      'in',
      'used',
    ])
  })

  test("nobody's code is good for another account, and it is not spent there", async () => {
    const [anna, bram] = [Buffer.alloc(20, 7), Buffer.alloc(20, 8)]
    const [first, second] = [await person([anna]), await person([bram])]
    expect(await say(second, hotp(anna, step))).toBe('wrong')
    expect(await say(first, hotp(anna, step))).toBe('in')
  })

  test('codes of eight digits, of a minute and of SHA-256 are refused', async () => {
    const seed = Buffer.alloc(20, 9)
    const secret = new Secret({ buffer: Uint8Array.from(seed).buffer })
    const who = await person([seed])
    for (const other of [{ digits: 8 }, { period: 60 }, { algorithm: 'SHA256' }])
      expect(await say(who, new TOTP({ secret, ...other }).generate({ timestamp: start }))).toBe('wrong')
  })

  test('a disabled app proves nothing', async () => {
    const seed = random.bytes(20)
    const who = await person([seed])
    await opened().inTransaction((tx) => disableAuthenticators(tx, who, 'totp', start))
    expect(await say(who, hotp(seed, step))).toBe('wrong')
  })

  test('a seed that was moved to another row opens nothing and rings an alarm', async () => {
    const seed = Buffer.alloc(20, 10)
    const [victim, thief] = [await person([Buffer.alloc(20, 11)]), await person([seed])]
    const [mine] = await authenticatorsOf(opened().db, thief)
    await opened()
      .db.updateTable('authenticator')
      .set({ secret: mine?.secret as string })
      .where('account_id', '=', victim)
      .execute()
    let alarms = 0
    expect(await say(victim, hotp(seed, step), start, opened(), () => alarms++)).toBe('wrong')
    expect(alarms).toBe(1)
  })
})
