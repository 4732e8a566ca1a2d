import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { signedIn } from '../../test/support/story-checks.ts'
import { openStory, password, type Town } from '../../test/support/story-house.ts'
import { base32 } from '../factors/index.ts'
import { noteStepNotDue } from '../sign-in/index.ts'
import { sessionStarted } from './index.ts'

onEachEngine((opened) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })
  const rows = () => town.house.storage.db.selectFrom('audit').selectAll().orderBy('at').execute()

  test('a whole story leaves who, when, where and why, and nothing that anybody typed, was sent or keeps secret', async () => {
    const name = 'canarie-kees'
    const kees = await town.person('koop-cam', { name, email: 'kees@kooi.test', phone: '+31612345678', given_name: 'Kees' })
    const pc = town.browser('koop-cam').ask('publicatie')
    const typed = [password, 'een verkeerd wachtwoord', 'niemand-zoals-deze']
    await pc.name(name)
    await pc.password(kees, typed[1])
    await pc.password({ name: typed[2] as string })
    await pc.password(kees)
    const gate = await pc.sent('gate')
    await pc.code('000001')
    await pc.code(gate)
    const seed = (await pc.seed()) as Uint8Array
    const app = town.appWith(seed)
    await pc.code('000002')
    await noteStepNotDue(town.house, await pc.stand(), pc.visitor)
    const cookies = Object.values(pc.visitor)
    await signedIn(town, kees, () => pc.code(app.code()))

    const told = await rows()
    expect(told.map((it) => (it.reason ? `${it.event} ${it.reason}` : it.event)).toSorted()).toEqual(
      [
        'password.refused',
        'password.refused',
        'password.accepted',
        'gate.refused wrong',
        'gate.passed',
        'enrolment.refused wrong',
        'request.refused step-not-due',
        'enrolment.completed',
        'authenticator.bound',
        'session.started',
      ].toSorted(),
    )
    for (const it of told) expect(it).toMatchObject({ portal: 'koop-cam', at: town.clock.at, address: '192.0.2.7', seq: null, seal: null })
    // Who is nobody stands there as a keyed hash; everybody else as an id.
    expect(told.filter((it) => it.account_id !== kees.id).map((it) => it.name_hash?.length)).toEqual([43])

    const secrets = [gate, app.code(), base32(seed), Buffer.from(seed).toString('base64url'), ...typed, '000001', '000002']
    const personal = [name, 'Kees', 'kees@kooi.test', '612345678', ...cookies.filter((it) => it !== 'nl' && it !== '192.0.2.7')]
    // Ids are drawn: six digits may stand in one by chance.
    const text = JSON.stringify(told.map(({ id, account_id, attempt_id, at, ...rest }) => rest))
    for (const it of [...secrets, ...personal]) expect(text).not.toContain(it)
  })

  test('an event commits with what it tells of: when the work fails, neither is there', async () => {
    const before = (await rows()).length
    const { house } = town
    await expect(
      house.storage.inTransaction(async (tx) => {
        await sessionStarted(tx, { random: house.random, portal: 'koop-cam', at: town.clock.at })
        throw new Error('the disk is full')
      }),
    ).rejects.toThrow('the disk is full')
    expect(await rows()).toHaveLength(before)
  })
})
