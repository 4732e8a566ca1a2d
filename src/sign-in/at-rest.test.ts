import { Secret } from 'otpauth'
import { beforeAll, expect, test } from 'vitest'
import { spellings } from '../../test/support/canary.ts'
import { onEachEngine } from '../../test/support/engines.ts'
import { Forgetful, fresh } from '../../test/support/reset.ts'
import { signedIn } from '../../test/support/story-checks.ts'
import { accountOf, openStory, password, type Town } from '../../test/support/story-house.ts'
import { giveTicket } from '../recovery/index.ts'
import type { AccountRow, Storage } from '../storage/index.ts'

/* What whoever reads the whole database finds of what people typed, were sent and hold: nothing. */

onEachEngine((opened) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })

  test('T137 T131 no row of any table holds a password, a code, a key, a link, a ticket or a cookie, in any spelling', async () => {
    const secrets: Record<string, string | undefined> = { password, fresh }
    const kim = await town.person('c-point')
    const pc = town.browser('c-point').ask('planning')
    await pc.password(kim)
    await pc.choose('totp')
    await pc.begin()
    secrets.gate = await pc.sent('gate')
    secrets['half-way'] = pc.visitor.flow
    await pc.code(secrets.gate)
    const seed = (await pc.seed()) as Uint8Array
    secrets.key = new Secret({ buffer: Uint8Array.from(seed).buffer }).base32
    const app = town.appWith(seed)
    secrets.first = app.code()
    await pc.code(secrets.first)
    for (const it of ['session', 'browser', 'flow', 'enrolment'] as const) secrets[it] = pc.visitor[it]
    town.pass(60)
    const again = town.browser('c-point').ask('planning')
    await again.password(kim)
    await again.choose('totp')
    secrets.second = app.code()
    await signedIn(town, kim, () => again.code(secrets.second ?? '', true))
    secrets.remembered = again.visitor.browser
    const forgetful = new Forgetful(town, 'c-point')
    await forgetful.ask(kim.name)
    secrets.link = await forgetful.link(kim)
    const { code } = await giveTicket(town.house, (await accountOf(town, kim)) as AccountRow, town.clock.at)
    secrets.ticket = code.replaceAll('-', '')
    const before = await everyRow(opened())
    await forgetful.choose(secrets.link)

    for (const rows of [before, await everyRow(opened())]) {
      // The search sees what is there.
      expect(spellings(kim.name).some((it) => it.test(rows))).toBe(true)
      for (const [what, secret] of Object.entries(secrets)) {
        expect(secret?.length, what).toBeGreaterThan(5)
        for (const spelling of spellings(secret ?? '')) expect(spelling.test(rows), `${what} ${spelling}`).toBe(false)
      }
    }
  })
})

/** As a dump would show it: every value of every row. */
async function everyRow({ db }: Storage): Promise<string> {
  const rows = []
  for (const { name } of await db.introspection.getTables())
    rows.push(
      ...(await db
        .selectFrom(name as 'account')
        .selectAll()
        .execute()),
    )
  const plain = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))
  return rows.flatMap((row) => Object.values(row).map(plain)).join('\n')
}
