import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newOperator } from './support/command-line.ts'

/* What an operator ends for a person, through the real bin/sluis: pauses, sessions, a method, everything. */

const operator = newOperator()
const { sluis } = operator
const anna = ['--portal', 'c-point', '--username', 'anna']
const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
beforeAll(async () => {
  await sluis(['--help']) // builds once
  const people = operator.file(
    'people.csv',
    `username,email,password,totp_secret,given_name\nanna,anna@haven.test,twaalf eenden zwemmen traag,${seed},Anna\nbram,bram@haven.test,twaalf eenden zwemmen traag,,Bram\n`,
  )
  expect(await sluis(['account', 'import', people, '--portal', 'c-point'])).toMatchObject({ exitCode: 0 })
}, 120_000)
afterAll(() => operator.close())

function ask(statement: string, ...values: string[]): Record<string, unknown>[] {
  using file = new DatabaseSync(`${operator.folder}/sluis.db`)
  return file.prepare(statement).all(...values) as Record<string, unknown>[]
}
const idOf = (name: string): string => String(ask('select id from account where name = ?', name)[0]?.id)
const happened = (event: string) => ask('select * from audit where event = ?', event)

test('unlock ends a pause, and says when there was none', async () => {
  const later = String(Date.now() + 600_000)
  ask('insert into counter (key, count, paused_until, first_at, last_at) values (?, 10, ?, 0, 0)', `second-step ${idOf('anna')}`, later)
  const ran = await sluis(['account', 'unlock', ...anna, '--json'])
  expect([ran.exitCode, JSON.parse(ran.stdout)]).toMatchObject([0, { username: 'anna', wasPaused: true, turnedOff: [] }])
  expect(ask('select * from counter')).toEqual([])
  ask("update authenticator set disabled_at = 1 where method = 'totp'")
  expect((await sluis(['account', 'unlock', ...anna])).stdout).toBe(
    "anna of C-point was not paused; what was counted is forgotten.\nIts totp was turned off after too many codes and stays so: 'account remove-method', then it is set up anew.\n",
  )
  expect(happened('account.unlocked')).toHaveLength(2)
})

test('end-sessions ends what stands open and says how much', async () => {
  const id = idOf('anna')
  ask(
    "insert into session (id, portal, token_hash, account_id, started_at, last_seen_at, ends_at) values ('s', 'c-point', 'h', ?, 1, 1, 4000000000000)",
    id,
  )
  expect((await sluis(['account', 'end-sessions', ...anna])).stdout).toBe(
    'anna of C-point: ended 1 sessions, forgot 0 remembered browsers.\n',
  )
  expect(ask('select id from session where ended_at is null')).toEqual([])
  expect((await sluis(['account', 'end-sessions', ...anna, '--json'])).stdout).toBe(
    '{"portal":"c-point","username":"anna","sessions":0,"remembered":0}\n',
  )
})

test('remove-method says first what would happen, then does it and tells the owner', async () => {
  const words = ['account', 'remove-method', ...anna, '--method', 'totp']
  const asked = await sluis(words)
  expect([asked.exitCode, asked.stderr]).toEqual([
    1,
    'This removes totp of anna of C-point and ends all sessions. It is the only method: the next sign-in sets one up anew. Nothing was changed; add --yes to do it.\n',
  ])
  expect(ask('select id from authenticator')).toHaveLength(1)
  expect((await sluis([...words, '--yes'])).exitCode).toBe(0)
  expect(ask('select id from authenticator')).toEqual([])
  expect(ask('select template, address from message')).toEqual([{ template: 'M06', address: 'anna@haven.test' }])
  expect((await sluis([...words, '--yes'])).stderr).toBe('anna of C-point has no totp. It has: nothing.\n')
  expect((await sluis(['account', 'remove-method', ...anna, '--method', 'pigeon'])).exitCode).toBe(2)
  expect((await sluis(['account', 'remove-method', ...anna])).exitCode).toBe(2)
})

test('export writes everything of one person as JSON, with moments to read and no secret', async () => {
  const ran = await sluis(['account', 'export', ...anna])
  expect(ran.exitCode).toBe(0)
  const everything = JSON.parse(ran.stdout)
  expect(everything.account).toMatchObject([
    { name: 'anna', email: 'anna@haven.test', given_name: 'Anna', created_at: expect.stringMatching(/^20.*Z$/) },
  ])
  expect(everything.message).toMatchObject([{ template: 'M06' }])
  expect(everything.audit.length).toBeGreaterThan(3)
  expect(ran.stdout).not.toMatch(/argon2|token_hash|secret|seal|bram/i)
  expect((await sluis(['account', 'export', ...anna, '--json'])).stdout).toMatch(/^\{"exportedAt":.*\}\n$/)
  expect(happened('account.exported')).toHaveLength(2)
})

test('T133 a name is taken as it is written: no pattern, no quote and no length finds anybody else', async () => {
  for (const name of [
    '%',
    '_nna',
    'ann_',
    '*',
    "anna' or '1'='1",
    'anna"; drop table account; --',
    '{"$ne":1}',
    '.*',
    `anna${' '.repeat(300)}x`,
    'a'.repeat(100_000),
  ]) {
    const { exitCode, stdout } = await sluis(['account', 'show', '--portal', 'c-point', '--username', name])
    expect([exitCode, stdout], name.slice(0, 40)).toEqual([1, ''])
  }
  expect((await sluis(['account', 'show', ...anna])).exitCode).toBe(0)
})

test('delete says first what would go, then leaves nothing but that it happened', async () => {
  const id = idOf('anna')
  const asked = await sluis(['account', 'delete', ...anna])
  expect(asked.exitCode).toBe(1)
  expect(asked.stderr).toMatch(
    /^This deletes anna of C-point for good: 1 account, .*message.* Nothing was changed; add --yes to do it\.\n$/,
  )
  expect((await sluis(['account', 'delete', ...anna, '--yes', '--json'])).stdout).toBe('{"portal":"c-point","deleted":true,"unheard":0}\n')
  for (const { name } of ask("select name from sqlite_master where type = 'table'")) {
    const rows = JSON.stringify(ask(`select * from "${name}"`))
    for (const it of [id, 'anna@haven.test', '"anna"', 'Anna']) expect(rows, String(name)).not.toContain(it)
  }
  expect(happened('account.deleted')).toMatchObject([{ portal: 'c-point', account_id: null, address: null }])
  expect((await sluis(['account', 'show', ...anna])).stderr).toBe("C-point has no account 'anna'.\n")
  expect((await sluis(['account', 'delete', ...anna, '--yes'])).exitCode).toBe(1)
  expect((await sluis(['account', 'show', '--portal', 'c-point', '--username', 'bram'])).exitCode).toBe(0)
})

test('T135 of twins with one name in two portals each command sees its own, and no other spelling of a portal is one', async () => {
  const bram = ['--portal', 'c-point', '--username', 'bram']
  const twin = ['--portal', 'profiportaal', '--username', 'bram']
  const added = await sluis(['account', 'add', ...twin, '--email', 'tweeling@elders.test', '--password-stdin'], {
    input: 'dertien droge reigers\n',
  })
  expect(added.exitCode).toBe(0)
  const exported = async (who: readonly string[]): Promise<string> => {
    const { exportedAt: _, audit: __, ...rest } = JSON.parse((await sluis(['account', 'export', ...who, '--json'])).stdout)
    return JSON.stringify(rest)
  }
  const [own, hers] = [await exported(bram), await exported(twin)]
  expect([own.includes('tweeling'), hers.includes('tweeling'), hers.includes('bram@haven.test')]).toEqual([false, true, false])
  expect((await sluis(['account', 'disable', ...twin])).exitCode).toBe(0)
  expect((await sluis(['account', 'end-sessions', ...twin])).exitCode).toBe(0)
  expect(await exported(bram)).toBe(own)
  for (const portal of ['C-POINT', 'c-point ', '../c-point', 'c_point', ''])
    expect((await sluis(['account', 'show', '--portal', portal, '--username', 'bram'])).exitCode, portal).not.toBe(0)
  expect((await sluis(['account', 'delete', ...twin, '--yes'])).exitCode).toBe(0)
  expect(await exported(bram)).toBe(own)
})

test('every one of them has help with an example, and needs to be told whom', async () => {
  for (const name of ['unlock', 'end-sessions', 'remove-method', 'export', 'delete']) {
    const help = await sluis(['account', name, '--help'])
    expect([help.exitCode, help.stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`Usage: sluis account ${name}[\\s\\S]*--json[\\s\\S]*Examples:`)),
    ])
    expect((await sluis(['account', name, '--portal', 'c-point'])).exitCode).toBe(2)
    expect(
      (
        await sluis(
          ['account', name, '--portal', 'nergens', '--username', 'anna', '--method', 'totp'].slice(0, name === 'remove-method' ? 9 : 6),
        )
      ).exitCode,
    ).toBe(1)
  }
})
