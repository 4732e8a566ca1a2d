import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { Forgetful, fresh } from '../../test/support/reset.ts'
import { events, moved, photograph, signedIn, tries } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, password, type Town } from '../../test/support/story-house.ts'
import { addTicket } from '../storage/index.ts'

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })
  const at = (portal = 'c-point') => new Forgetful(town, portal)
  const chosen = { outcome: 'chosen' }
  const closed = { outcome: 'closed' }
  const hash = async (who: Person) => (await accountOf(town, who))?.password_hash
  const mails = (who: Pick<Person, 'id'>) =>
    town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', who.id).execute()
  const opens = async (who: Person, typed: string): Promise<boolean> => {
    await town.calm()
    const outcome = await town.browser(who.portal).password(who, typed)
    return 'situation' in outcome
  }

  test('a link is asked, mailed to the stored address, and a new password chosen: the old one opens nothing, the owner is told', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = at()
    expect(await pc.ask(anna.name)).toBe('asked')
    const [mail] = await mails(anna)
    expect(mail).toMatchObject({ template: 'M04', address: `${anna.name}@haven.test`, code_id: null })
    expect(await pc.choose(await pc.link(anna))).toEqual(chosen)
    expect([await opens(anna, password), await opens(anna, fresh)]).toEqual([false, true])
    expect((await mails(anna)).map((it) => it.template).toSorted()).toEqual(['M04', 'M08'])
    expect(await events(town, anna)).toEqual(expect.arrayContaining(['reset.asked', 'reset.used']))
  })

  test('T021 T023 for a name that nobody has, an account without address and one that is off the answer is the same, and nothing is sent', async () => {
    const off = await town.person('c-point', { disabled_at: town.clock.at })
    const without = await town.person('c-point', { email: null })
    const anna = await town.person('c-point')
    for (const name of [anna.name, off.name, without.name, `niemand${town.house.random.id()}`, 'geen\u0000naam']) {
      const answers = []
      for (const _ of times(4, () => 0)) answers.push(await at().ask(name))
      expect(answers).toEqual(['asked', 'asked', 'asked', { refused: 'reset.tooMany', status: 429, until: town.clock.at + 3_600_000 }])
    }
    expect(await mails(anna)).toHaveLength(3)
    expect([await mails(off), await mails(without)]).toEqual([[], []])
  })

  test('the letters on the page are typed over in any case; wrong ones cost nothing', async () => {
    const anna = await town.person('c-point')
    const pc = at()
    expect(await pc.ask(anna.name, '')).toEqual({ refused: 'reset.typedEmpty', field: 'typed', status: 422 })
    for (const _ of times(12, () => 0)) expect(await pc.ask(anna.name, 'AEIO')).toMatchObject({ refused: 'reset.typedWrong' })
    expect(await pc.ask('  ')).toMatchObject({ refused: 'username.empty' })
    expect(await pc.ask(anna.name)).toBe('asked')
    expect(await at('uitpas').ask('gijs')).toMatchObject({ refused: 'email.format' })
  })

  test('T093 without the mailed value nothing changes, whatever is sent instead of it', async () => {
    const anna = await town.person('c-point')
    const pc = at()
    await pc.ask(anna.name)
    const [right, before] = [await pc.link(anna), await photograph(town, anna)]
    for (const it of [undefined, '', '0', 'null', '[]', right.slice(0, 19), right.toLowerCase(), ` ${right}`, `${right}x`])
      expect([it, await pc.choose(it)]).toEqual([it, it === right ? chosen : closed])
    expect(await new Forgetful(town, 'uitpas', pc.formCookie).choose(right)).toEqual(closed)
    expect(await photograph(town, anna)).toEqual(before)
    expect(await pc.choose(right)).toEqual(chosen)
  })

  test('T094 the account comes from the link alone: the name of another changes nothing', async () => {
    const [anna, mallory] = [await town.person('c-point'), await town.person('c-point')]
    const pc = at()
    await pc.ask(mallory.name)
    const before = await hash(anna)
    expect(await pc.choose(await pc.link(mallory), { name: anna.name })).toEqual(chosen)
    expect(await hash(anna)).toBe(before)
    expect([await opens(anna, fresh), await opens(mallory, fresh)]).toEqual([false, true])
    const both = at()
    expect(await both.ask(`${anna.name},${mallory.name}`)).toBe('asked')
    expect(await both.ask(`${anna.name}@haven.test`)).toBe('asked')
    expect((await mails(anna)).filter((it) => it.template === 'M04')).toEqual([])
  })

  test('T095 fifty at once on two nodes: one change; afterwards the link and every other open one are dead', async () => {
    const anna = await town.person('c-point')
    const pc = at()
    await pc.ask(anna.name)
    town.pass(1)
    await pc.ask(anna.name)
    const [newer, older] = [await pc.link(anna), await pc.link(anna, 1)]
    const there = new Forgetful(otherNode, 'c-point', pc.formCookie)
    const outcomes = await Promise.all(times(50, (it) => (it % 2 ? pc : there).choose(newer, { password: `${fresh} ${it}` })))
    expect(outcomes.filter((it) => 'outcome' in it && it.outcome === 'chosen')).toHaveLength(1)
    const won = outcomes.findIndex((it) => 'outcome' in it && it.outcome === 'chosen')
    expect(await opens(anna, `${fresh} ${won}`)).toBe(true)
    expect([await pc.choose(newer), await pc.choose(older)]).toEqual([closed, closed])
    expect((await mails(anna)).filter((it) => it.template === 'M08')).toHaveLength(1)
  })

  test('T095 an older link works while no password was chosen, also after a sign-in with the old one; not after its hour', async () => {
    const anna = await town.person('c-point')
    const pc = at()
    await pc.ask(anna.name)
    town.pass(60)
    await pc.ask(anna.name)
    expect(await opens(anna, password)).toBe(true)
    town.pass(3_540)
    expect(await pc.choose(await pc.link(anna, 1))).toEqual(closed)
    expect(await pc.choose(await pc.link(anna))).toEqual(chosen)
  })

  test('T095 a password or an address that was changed since makes every open link worth nothing', async () => {
    for (const change of [{ password_changed_at: town.clock.at + 1 }, { email: 'elders@haven.test' }]) {
      const anna = await town.person('c-point')
      const pc = at()
      await pc.ask(anna.name)
      const link = await pc.link(anna)
      await town.house.storage.db.updateTable('account').set(change).where('id', '=', anna.id).execute()
      expect(await pc.choose(link)).toEqual(closed)
    }
  })

  test('T096 a mail scanner in another browser is asked the user name, which no mail holds; what it types takes nothing from the person', async () => {
    const anna = await town.person('c-point')
    const [pc, scanner, phone] = [at(), at(), at()]
    await pc.ask(anna.name)
    const link = await pc.link(anna)
    expect(await scanner.choose(link, { password: '' })).toMatchObject({ refused: 'password.empty' })
    expect(await scanner.choose(link)).toMatchObject({ refused: 'username.empty' })
    // What is said of a name in a password would tell the name.
    expect(await scanner.choose(link, { password: `ik heet ${anna.name}` })).toMatchObject({ refused: 'username.empty' })
    const heard = []
    for (const _ of times(7, () => 0)) heard.push(await scanner.choose(link, { name: fresh }))
    expect(heard.map((it) => ('refused' in it ? it.refused : ''))).toEqual([
      ...times(5, () => 'reset.nameMismatch'),
      'reset.tooMany',
      'reset.tooMany',
    ])
    expect(await phone.choose(link, { name: anna.name })).toMatchObject({ refused: 'reset.tooMany', status: 429 })
    expect(await pc.choose(link)).toEqual(chosen)
  })

  test('on another device the user name that belongs to it is enough, in any spelling', async () => {
    const anna = await town.person('c-point')
    await at().ask(anna.name)
    const phone = at()
    const link = await phone.link(anna)
    expect(await phone.choose(link, { name: 'bram' })).toMatchObject({ refused: 'reset.nameMismatch', field: 'username' })
    expect(await phone.choose(link, { name: ` ${anna.name.toUpperCase()} ` })).toEqual(chosen)
  })

  test('T096 T097 an address of several people: also who asked gives the user name, and a colleague cannot guess on', async () => {
    const [cato, daan] = [
      await town.person('c-point', { email: 'balie-3@haven.test' }),
      await town.person('c-point', { email: 'balie-3@haven.test' }),
    ]
    const pc = at()
    await pc.ask(cato.name)
    const link = await pc.link(cato)
    expect(await pc.choose(link, { name: daan.name })).toMatchObject({ refused: 'reset.nameMismatch' })
    expect(await pc.choose(link, { name: cato.name })).toEqual(chosen)
    expect([await opens(daan, fresh), await opens(cato, fresh)]).toEqual([false, true])
  })

  test('T098 T010 nobody is signed in by a reset: app and pause as they were, sessions, remembered browsers and open sign-ins ended', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point').ask('planning')
    await pc.password(anna)
    await pc.choose('totp')
    await signedIn(town, anna, () => pc.code(anna.app.code(), true))
    const half = town.browser('c-point')
    await half.password(anna)
    await half.choose('totp')
    for (const it of times(10, String)) await half.code(it.repeat(6))
    const counted = await tries(town, anna)
    expect(counted.pausedUntil).toBeGreaterThan(town.clock.at)
    const before = await photograph(town, anna)

    await at().reset(anna)
    const after = await photograph(town, anna)
    expect(after.authenticators).toEqual(before.authenticators)
    expect(await tries(town, anna)).toEqual(counted)
    expect(after.sessions.every((it) => it.ended_at !== null)).toBe(true)
    expect(after.remembered.every((it) => it.revoked_at !== null)).toBe(true)
    expect(after.sessions).toHaveLength(before.sessions.length)
    expect([await pc.step(), await half.step()]).toEqual([{ step: 'password' }, { step: 'password' }])
    await town.calm()
    const again = town.browser('c-point').ask('planning')
    expect(moved(await again.password(anna, fresh))).toMatchObject({ step: 'wait' })
  })

  test('T098 an account that is switched off stays off, and the answer is as always', async () => {
    const joop = await town.person('c-point')
    const pc = at()
    await pc.ask(joop.name)
    await town.house.storage.db.updateTable('account').set({ disabled_at: town.clock.at }).where('id', '=', joop.id).execute()
    expect(await pc.choose(await pc.link(joop))).toEqual(chosen)
    expect((await accountOf(town, joop))?.disabled_at).toBe(town.clock.at)
    expect(await opens(joop, fresh)).toBe(false)
  })

  test('an account that its owner secured, or at which somebody guesses, opens again with the new password; no ticket does that', async () => {
    for (const since of ['secured_at', 'guessed_at'] as const) {
      const anna = await town.person('c-point', { app: true, [since]: town.clock.at })
      const before = town.browser('c-point')
      await before.password(anna)
      if (since === 'secured_at') expect(await before.step()).toEqual({ step: 'refuse', why: 'secured' })
      const { house, clock } = town
      const given = { id: house.random.id(), portal: 'c-point', account: anna.id, code: 'CCCCCDDDDDFFFFFGGGGG', endsAt: clock.at + 60_000 }
      await house.storage.inTransaction((tx) => addTicket(tx, house.vault, given, clock.at))
      if (since === 'secured_at') expect(moved(await before.ticket(given.code))).toMatchObject({ step: 'refuse' })
      town.pass(1)
      await at().reset(anna)
      const pc = town.browser('c-point')
      await pc.password(anna, fresh)
      await pc.choose('totp')
      await signedIn(town, anna, () => pc.code(anna.app.code()))
      await house.storage.db.deleteFrom('link').where('purpose', '=', 'ticket').execute()
    }
  })

  test('a pending enrolment of before ends: whoever began it begins behind a gate of his own', async () => {
    const ida = await town.person('koop-cam', { phone: '+31612345678' })
    const thief = town.browser('koop-cam')
    await thief.name(ida.name)
    await thief.password(ida)
    await thief.code(await thief.sent('gate'))
    expect(await thief.seed()).toBeDefined()
    await at('koop-cam').reset(ida)
    expect([await thief.step(), await thief.seed()]).toEqual([{ step: 'identify' }, undefined])
    expect((await photograph(town, ida)).pending).toEqual([])
  })

  test('a password that was being checked while a new one was chosen opens nothing, also a moment later', async () => {
    const anna = await town.person('c-point')
    const pc = at()
    await pc.ask(anna.name)
    const link = await pc.link(anna)
    const { house } = town
    const slow = {
      ...house.passwords,
      place: () => {
        const place = house.passwords.place()
        return {
          ...place,
          verify: async (stored: string | null, plain: string) => {
            const right = await place.verify(stored, plain)
            expect(await pc.choose(link)).toEqual(chosen)
            return right
          },
        }
      },
    }
    const late = town.browser('c-point')
    late.house = { ...house, passwords: slow }
    expect(await late.password(anna)).toMatchObject({ said: 'signin.wrong' })
  })

  test('T057 a link is no ticket and a ticket no link', async () => {
    const anna = await town.person('c-point')
    const pc = at()
    await pc.ask(anna.name)
    const link = await pc.link(anna)
    const sign = town.browser('c-point')
    await sign.password(anna)
    expect(await sign.ticket(link)).toMatchObject({ said: 'ticket.wrong' })
    const code = 'BCDFGHJKMNPQRTVWXYZ2'
    const { house, clock } = town
    const given = { id: house.random.id(), portal: 'c-point', account: anna.id, code, endsAt: clock.at + 60_000 }
    await house.storage.inTransaction((tx) => addTicket(tx, house.vault, given, clock.at))
    expect(await pc.choose(code)).toEqual(closed)
  })
})
